/** Stamps for `created_at`: every one is later than the one before, so that equal work put twice has two ids. */
export class TupleClock {
  readonly #wallMicroseconds: () => number
  #last = 0
  #second = Number.NaN
  #prefix = ''

  /** `wallMicroseconds` since 1970 UTC; it may stand still or go back. */
  constructor(wallMicroseconds: () => number = () => (performance.timeOrigin + performance.now()) * 1000) {
    this.#wallMicroseconds = wallMicroseconds
  }

  /** `YYYY-MM-DDTHH:MM:SS.ffffff+00:00`; as in the original, without the fraction when it is zero. */
  stamp(): string {
    this.#last = Math.max(this.#last + 1, Math.floor(this.#wallMicroseconds()))
    const second = Math.floor(this.#last / 1e6)
    if (second !== this.#second) {
      this.#second = second
      this.#prefix = new Date(second * 1000).toISOString().slice(0, 19)
    }
    const fraction = this.#last - second * 1e6
    return fraction === 0 ? `${this.#prefix}+00:00` : `${this.#prefix}.${String(fraction).padStart(6, '0')}+00:00`
  }
}
