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
    const here = performance.now()
    this.#offset = Number(process.hrtime.bigint() - epoch) / 1000 - here * 1000
  }

  now(): number {
    return performance.now() * 1000 + this.#offset
  }
}
