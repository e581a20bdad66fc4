import type { CoreInputs } from './rules.ts'

/** Newest waits and run times kept between two looks. */
const samplesKept = 512

/** What a core's workers did, added up as tokens end: two additions and two array writes for each. Times in microseconds. */
export class CoreMeter {
  readonly #waits = new Float64Array(samplesKept)
  #ended = 0
  /** Run time of tokens that have ended, since the start. */
  #busy = 0
  #runSum = 0
  #runLeast = Number.POSITIVE_INFINITY
  #lookedAt = 0
  #busyThen = 0
  #swingThen = 0
  #asi = 0

  ran(duration: number): void {
    this.#busy += duration
    this.#runSum += duration
    if (duration < this.#runLeast) this.#runLeast = duration
  }

  waited(duration: number): void {
    this.#waits[this.#ended % samplesKept] = duration
    this.#ended += 1
  }

  /**
   * What happened since the last look. `running` is how long the tokens that run now have run so far, all together: added to what
   * has ended it makes busy time exact, however tokens lie across looks.
   */
  look(now: number, running: number, pattern: number, depth: number): CoreInputs {
    const elapsed = Math.max(1, now - this.#lookedAt)
    const busy = this.#busy + running
    // A thread that was ended took its running token with it, and overlapping tokens on a lent thread count twice.
    const busyWorkers = Math.min(pattern, Math.max(0, busy - this.#busyThen) / elapsed)
    const swing = this.#ended < 2 ? 0 : (this.#runSum / this.#ended - this.#runLeast) / 1e6
    this.#asi += Math.max(0, swing)
    const inputs: CoreInputs = {
      utilization: (busyWorkers / pattern) * 100,
      busyWorkers,
      waitP95: this.#waitP95(),
      depth,
      asi: this.#asi,
      asiTrend: (swing - this.#swingThen) / (elapsed / 1e6),
      ended: this.#ended,
    }
    this.#lookedAt = now
    this.#busyThen = busy
    this.#swingThen = swing
    this.#ended = 0
    this.#runSum = 0
    this.#runLeast = Number.POSITIVE_INFINITY
    return inputs
  }

  #waitP95(): number | null {
    const count = Math.min(this.#ended, samplesKept)
    if (count === 0) return null
    const sorted = this.#waits.slice(0, count).sort()
    return (sorted[Math.ceil(0.95 * count) - 1] ?? 0) / 1e6
  }
}
