/**
 * Counts failed attempts in a sliding window. A secret of 256 bits cannot be guessed; the limit keeps a program that tries
 * anyway, or a forgotten page that reconnects with an old secret, from costing us anything.
 */
export class AttemptLimiter {
  readonly #most: number
  readonly #windowMs: number
  readonly #now: () => number
  #failures: number[] = []

  /** At most `most` failures within `windowMs`; `now` is a monotonic clock in milliseconds. */
  constructor(most: number, windowMs: number, now: () => number) {
    this.#most = most
    this.#windowMs = windowMs
    this.#now = now
  }

  /** Records a failure. True when there were too many of late. */
  fail(): boolean {
    const now = this.#now()
    this.#failures = this.#failures.filter((at) => now - at < this.#windowMs)
    if (this.#failures.length >= this.#most) return true
    this.#failures.push(now)
    return false
  }
}
