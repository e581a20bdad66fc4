import type { Binding } from '../../../shared/model/core.ts'
import type { ThreadAffinity } from './thread-affinity.ts'

/** For platforms where a thread cannot be bound, or where the calls for it do not load. It never pretends. */
export class UnsupportedAffinity implements ThreadAffinity {
  readonly supported = false
  readonly name = 'not supported here'
  readonly #reason: string
  readonly #threadId: () => number | null

  /** `reason` is one sentence; `threadId` where the thread's id is known although it cannot be bound. */
  constructor(reason: string, threadId: () => number | null = () => null) {
    this.#reason = reason
    this.#threadId = threadId
  }

  bind(cpu: number): Binding {
    return {
      asked: cpu,
      confirmed: null,
      threadId: this.threadId(),
      problem: `Binding is not supported here: ${this.#reason}`,
    }
  }

  waitForTurn(): boolean {
    return false
  }

  readMask(): null {
    return null
  }

  currentCpu(): null {
    return null
  }

  threadId(): number | null {
    return this.#threadId()
  }
}
