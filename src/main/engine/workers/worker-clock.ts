import type { Clock } from '../../../shared/time.ts'

/**
 * A clock on the same epoch in every thread of this process. `performance.now()` is the cheapest monotonic source, but each
 * thread counts from its own start: one reading of `process.hrtime`, which all threads share, gives the offset.
 */
export class MonotonicClock implements Clock {
  readonly epochWall: number
  /** Nanoseconds of process.hrtime at the epoch; hand it to other threads. */
  readonly epoch: bigint
  readonly #offset: number

  constructor(epoch: bigint = process.hrtime.bigint(), epochWall: number = Date.now()) {
    this.epoch = epoch
    this.epochWall = epochWall
    this.#offset = offsetTo(epoch)
  }

  now(): number {
    return performance.now() * 1000 + this.#offset
  }
}

// A thread can be interrupted between two readings; the tightest of some pairs was not.
const readings = 16

/** What to add to this thread's `performance.now()`, in microseconds, to count from the epoch. */
function offsetTo(epoch: bigint): number {
  let offset = 0
  let tightest = Number.POSITIVE_INFINITY
  for (let reading = 0; reading < readings; reading++) {
    const before = performance.now()
    const sinceEpoch = Number(process.hrtime.bigint() - epoch) / 1000
    const after = performance.now()
    if (after - before >= tightest) continue
    tightest = after - before
    offset = sinceEpoch - ((before + after) / 2) * 1000
  }
  return offset
}
