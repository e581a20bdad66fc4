/** How many may work at once in a lane, and what it goes by. */
export interface AdaptiveLimitSettings {
  readonly initial: number
  readonly max: number
  /** False keeps `initial`. */
  readonly adaptive?: boolean
}

/** Newest outcomes that are looked at. */
const windowSize = 20
const tooManyErrors = 0.2
/** A run this many times longer than the quick ones of the lane tells that it is crowded. */
const crowded = 2

/**
 * Additive increase, multiplicative decrease: one more for each full round of good runs while there is work for it, half as many
 * when a fifth of the newest runs failed or they take twice as long as the lane's quick ones. More workers never answer slowness.
 */
export class AdaptiveLimit {
  readonly #max: number
  readonly #adaptive: boolean
  readonly #newest: { readonly ms: number; readonly good: boolean }[] = []
  #limit: number
  #quickMs = Number.POSITIVE_INFINITY
  #sinceCut = 0
  #latencyBefore = 0

  constructor({ initial, max, adaptive = true }: AdaptiveLimitSettings) {
    this.#max = Math.max(1, max)
    this.#limit = Math.min(Math.max(1, initial), this.#max)
    this.#adaptive = adaptive
  }

  get limit(): number {
    return Math.floor(this.#limit)
  }

  get max(): number {
    return this.#max
  }

  /** Share of the newest runs that failed. */
  get errorRate(): number {
    return this.#newest.length === 0 ? 0 : this.#newest.filter(({ good }) => !good).length / this.#newest.length
  }

  /** Mean of the newest good runs, milliseconds; 0 before the first. */
  get latencyMs(): number {
    const good = this.#newest.filter((run) => run.good)
    return good.length === 0 ? this.#latencyBefore : good.reduce((sum, { ms }) => sum + ms, 0) / good.length
  }

  /** `busy`: every place was taken, so that one more would have had work. */
  ended(ms: number, good: boolean, busy: boolean): void {
    this.#newest.push({ ms, good })
    if (this.#newest.length > windowSize) this.#newest.shift()
    // Slowly upwards, so that one lucky run does not make all later ones look slow.
    if (good) this.#quickMs = Math.min(ms, this.#quickMs * 1.01 + 0.01)
    this.#sinceCut += 1
    if (!this.#adaptive) return
    if (this.#shouldCut()) {
      this.#limit = Math.max(1, Math.floor(this.#limit / 2))
      this.#latencyBefore = this.latencyMs
      this.#newest.length = 0
      this.#sinceCut = 0
    } else if (good && busy) this.#limit = Math.min(this.#max, this.#limit + 1 / this.#limit)
  }

  #shouldCut(): boolean {
    // Runs that began before the last cut say nothing of what it brought.
    if (this.#sinceCut < Math.min(windowSize, this.limit) || this.#newest.length < 5) return false
    return this.errorRate >= tooManyErrors || this.latencyMs > Math.max(1, this.#quickMs) * crowded
  }
}
