/** Upper bounds in seconds, as the original exposes them (section 10.5). */
export const runBuckets = [0.001, 0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10] as const
export const waitBuckets = [0.001, 0.01, 0.05, 0.1, 0.5, 1, 2, 5] as const

/** Count, sum, least and most of a measure, and how many were at or below each bound. Seconds. */
export class Distribution {
  count = 0
  sum = 0
  least = Number.POSITIVE_INFINITY
  most = 0
  /** Not cumulative: each value is in one bucket; the last is for what is beyond every bound. */
  readonly buckets: Float64Array
  readonly #bounds: readonly number[]

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds
    this.buckets = new Float64Array(bounds.length + 1)
  }

  add(seconds: number): void {
    this.count += 1
    this.sum += seconds
    if (seconds < this.least) this.least = seconds
    if (seconds > this.most) this.most = seconds
    let bucket = 0
    while (bucket < this.#bounds.length && seconds > (this.#bounds[bucket] ?? 0)) bucket += 1
    this.buckets[bucket] = (this.buckets[bucket] ?? 0) + 1
  }
}

/** What one operation did on one core. */
export interface OperationOnCore {
  completed: number
  failed: number
  readonly runs: Distribution
}

/** Counters by operation and core, and waits by core; made when the first token of a pair ends. */
export class ThreadingMetrics {
  /** By index of the operation, then by core number. */
  readonly byOperation: (Map<number, OperationOnCore> | undefined)[] = []
  readonly waits = new Map<number, Distribution>()

  ended(operation: number, core: number, failed: boolean, waited: number, ran: number): void {
    this.byOperation[operation] ??= new Map()
    const cores = this.byOperation[operation]
    let pair = cores.get(core)
    if (pair === undefined) {
      pair = { completed: 0, failed: 0, runs: new Distribution(runBuckets) }
      cores.set(core, pair)
    }
    if (failed) pair.failed += 1
    else pair.completed += 1
    pair.runs.add(ran)
    let waits = this.waits.get(core)
    if (waits === undefined) {
      waits = new Distribution(waitBuckets)
      this.waits.set(core, waits)
    }
    waits.add(waited)
  }
}
