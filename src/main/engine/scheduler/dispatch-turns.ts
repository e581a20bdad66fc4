import type { Clock } from '../../../shared/time.ts'
import type { PinnedWorker } from '../workers/pinned-worker.ts'
import type { Dispatcher } from './dispatcher.ts'
import type { SchedulerState } from './scheduler-state.ts'
import { ShortWait } from './short-wait.ts'

// How soon to look again for what could be placed though nobody tells.
const lookAgainMs = 2

/** When the dispatcher runs: once for everything that a turn brings, at once where a worker has nothing left, and again where nobody would tell. */
export class DispatchTurns {
  /** From the start of the scheduler, or its stop where it was never started, until it has stopped. */
  open = false
  /** Mean run time of the operation submitted last, microseconds; 0 when unknown. */
  newestRun = 0
  readonly #state: SchedulerState
  readonly #dispatcher: Dispatcher
  readonly #watch: () => void
  readonly #shortWait: ShortWait
  #pending = false
  #timer: NodeJS.Timeout | null = null

  /** @param watch told that tokens may have begun to run. */
  constructor(state: SchedulerState, dispatcher: Dispatcher, watch: () => void, clock: Clock) {
    this.#state = state
    this.#dispatcher = dispatcher
    this.#watch = watch
    this.#shortWait = new ShortWait(clock)
  }

  /** Many submissions in one turn are dispatched once, with one wake per worker. */
  soon(): void {
    if (this.#pending || !this.open) return
    this.#pending = true
    queueMicrotask(() => {
      this.#pending = false
      const worker = this.now()
      if (worker !== null && this.#state.table.live === worker.depth && this.#state.cores.length > 1)
        this.#shortWait.look(worker, this.newestRun)
    })
  }

  /** Returns the worker when only one was given anything. */
  now(): PinnedWorker | null {
    if (!this.open) return null
    if (this.#state.table.live > 0) this.#watch()
    const single = this.#dispatcher.run()
    if (this.#dispatcher.looksAgain) this.#later()
    return single
  }

  #later(): void {
    if (this.#timer !== null) return
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.now()
    }, lookAgainMs)
  }
}
