import type { Clock } from '../../../shared/time.ts'
import type { PinnedWorker } from '../workers/pinned-worker.ts'
import { Watching } from '../workers/watching.ts'

/** When one token is on its way and is expected back sooner than a sleeping thread wakes, look for it a moment before going back to the event loop. */
export class ShortWait {
  readonly #clock: Clock
  readonly #watching = new Watching()
  #inRow = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** `expectedRun` in microseconds, 0 when unknown. */
  look(worker: PinnedWorker, expectedRun: number): void {
    if (expectedRun === 0 || expectedRun > longestRun || worker.depth > 1 || !this.#watching.pays()) return
    // Found tokens lead to new ones without a turn of the event loop: let it have one now and then.
    this.#inRow += 1
    if (this.#inRow >= longestRow) {
      this.#inRow = 0
      return
    }
    this.#watching.learn(worker.lookForCompletion(this.#clock.now() + longestLook))
  }
}

const longestLook = 25
const longestRun = 10
const longestRow = 128
