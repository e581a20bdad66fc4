import type { Clock } from '../../../shared/time.ts'
import type { PinnedWorker } from '../workers/pinned-worker.ts'
import { Watching } from '../workers/watching.ts'

/**
 * When all live tokens are short and on their way at one worker, the first are expected back sooner than a sleeping thread wakes:
 * look for them a moment before going back to the event loop.
 */
export class ShortWait {
  readonly #clock: Clock
  readonly #watching = new Watching()
  /** Engine microseconds. */
  #rowEnds = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** `expectedRun` in microseconds, 0 when unknown. */
  look(worker: PinnedWorker, expectedRun: number): void {
    if (expectedRun === 0 || expectedRun > longestRun || !this.#watching.pays()) return
    const now = this.#clock.now()
    if (now >= this.#rowEnds) {
      // Found tokens lead to new ones without a turn of the event loop: let it have one now and then.
      const inRow = now < this.#rowEnds + longestRow
      this.#rowEnds = now + longestRow
      if (inRow) return
    }
    this.#watching.learn(worker.lookForCompletion(now + longestLook))
  }
}

// Microseconds.
const longestLook = 25
const longestRun = 10
const longestRow = 500
