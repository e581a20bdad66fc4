import { weights } from '../../../shared/model/token.ts'
import type { SchedulerState } from '../scheduler/scheduler-state.ts'
import type { PinnedWorker } from '../workers/pinned-worker.ts'
import { LimitedChannel } from './limited-channel.ts'

/** Writes where tokens go, and when a core takes what waited for another. */
export class PlacementNarrator {
  readonly #state: SchedulerState
  readonly #affinity: LimitedChannel

  constructor(state: SchedulerState) {
    this.#state = state
    this.#affinity = new LimitedChannel(state.log, 'affinity', () => state.now())
  }

  /** To be asked before anything is told: there is one placement for every token. */
  get on(): boolean {
    return this.#affinity.chatty
  }

  /** From the gate into a mailbox. */
  placed(slot: number, worker: PinnedWorker, stolen: boolean): void {
    const weight = weights[this.#state.table.weight[slot] ?? 0]
    const position = this.#state.table.position[slot]
    const why = stolen
      ? `the idle core ${worker.core} takes it, the cores of its weight are full`
      : `position ${position}`
    this.#write(slot, worker, stolen ? 'info' : 'debug', () => `${weight} goes to core ${worker.core}: ${why}`)
  }

  /** From the mailbox of one worker into that of another. */
  taken(slot: number, from: PinnedWorker, to: PinnedWorker): void {
    const who = from.core === to.core ? `its idle neighbour ${to.slot}` : `the idle core ${to.core}`
    this.#write(slot, to, 'info', () => `${who} takes it from worker ${from.slot} of core ${from.core}`)
  }

  #write(slot: number, worker: PinnedWorker, level: 'info' | 'debug', text: () => string): void {
    this.#affinity.write(level, text, () => ({
      token: this.#state.idOf(slot),
      operation: this.#state.operationOf(slot).operationType,
      core: worker.core,
      slot: worker.slot,
    }))
  }
}
