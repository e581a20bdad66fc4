import type { Clock } from '../../../shared/time.ts'
import type { PinnedWorker } from '../workers/pinned-worker.ts'

/**
 * Waking a sleeping thread costs 20 to 50 microseconds on most machines, more than a short operation runs. So when one token is on
 * its way and is expected back sooner than that, look for it a moment before going back to the event loop. It pays or it
 * stops: each look that finds nothing makes the next less likely.
 */
export class ShortWait {
  readonly #clock: Clock
  #score = 4
  #skipped = 0
  #inRow = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** `expectedRun` in microseconds, 0 when unknown. */
  look(worker: PinnedWorker, expectedRun: number): void {
    if (expectedRun === 0 || expectedRun > longestRun || worker.depth > 1) return
    if (this.#score <= 0) {
      this.#skipped += 1
      if (this.#skipped < probeEvery) return
      this.#skipped = 0
    }
    // Found tokens lead to new ones without a turn of the event loop: let it have one now and then.
    this.#inRow += 1
    if (this.#inRow >= longestRow) {
      this.#inRow = 0
      return
    }
    const found = worker.lookForCompletion(this.#clock.now() + longestLook)
    this.#score = found ? Math.min(bestScore, this.#score + 1) : this.#score - 2
  }
}

const longestLook = 25
const longestRun = 10
const longestRow = 128
const probeEvery = 256
const bestScore = 8
