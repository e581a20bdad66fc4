import type { ErrorData } from '../../../shared/errors.ts'
import type { PinnedWorker } from '../workers/pinned-worker.ts'
import type { WorkerOperation } from '../workers/worker-protocol.ts'
import type { Deadlines } from './deadlines.ts'
import type { DispatchTurns } from './dispatch-turns.ts'
import type { Dispatcher } from './dispatcher.ts'
import type { SchedulerState } from './scheduler-state.ts'
import type { TokenLife } from './token-life.ts'
import { stateNumbers, tokenFlags } from './token-table.ts'

// A worker whose thread dies this often before it is ready is not restarted at once: something is wrong with the installation.
const quickRestarts = 3
const slowRestartMs = 1000

export interface CareSurroundings {
  readonly state: SchedulerState
  readonly life: TokenLife
  readonly deadlines: Deadlines
  readonly dispatcher: Dispatcher
  readonly turns: DispatchTurns
  workerOperations(): readonly WorkerOperation[]
  notice(level: 'info' | 'warn' | 'error', text: string): void
}

interface Kept {
  readonly slot: number
  readonly sequence: number
}

/** What happens when a thread is gone: who ran on it learns the cause, who waited in its mailbox runs on the next one. */
export class WorkerCare {
  readonly #at: CareSurroundings
  /** Deaths before ready in a row, by worker. */
  readonly #stillborn = new Map<PinnedWorker, number>()

  constructor(surroundings: CareSurroundings) {
    this.#at = surroundings
  }

  ready(worker: PinnedWorker): void {
    this.#stillborn.delete(worker)
    const problem = worker.binding?.problem
    if (problem != null)
      this.#at.notice('warn', `Worker ${worker.slot} of core ${worker.core} is not bound: ${problem}`)
  }

  /** A settled token's code has let go of its worker. */
  stopped(slot: number): void {
    const { table, observer } = this.#at.state
    table.setFlag(slot, tokenFlags.stopping, false)
    table.version += 1
    const extra = table.extras[slot]
    if (extra != null && extra.log.length + extra.logDropped > 0) observer.amended(slot)
  }

  gone(
    worker: PinnedWorker,
    cause: ErrorData,
    planned: boolean,
    wasClaimed: (record: number, sequence: number) => boolean,
  ): void {
    const { state, turns } = this.#at
    for (const [sequence, holder] of state.stopping) {
      if (holder !== worker) continue
      state.stopping.delete(sequence)
      state.rules.stopped(sequence)
      const slot = state.table.find(sequence)
      if (slot >= 0) this.stopped(slot)
    }
    const core = state.coreOf(worker)
    const { lost, kept } = this.#tokensOf(worker, wasClaimed)
    for (const slot of lost) this.#lose(slot, worker, cause)
    if (!planned)
      this.#at.notice('warn', `Worker ${worker.slot} of core ${worker.core} lost its thread: ${cause.message}`)
    this.#restart(
      worker,
      kept.map((slot) => ({ slot, sequence: state.table.sequence[slot] ?? 0 })),
    )
    core.load = core.workers.reduce((sum, each) => sum + each.depth, 0)
    turns.now()
  }

  /** Tokens of the worker, those it had begun and those it had not, in the order of its mailbox. */
  #tokensOf(
    worker: PinnedWorker,
    wasClaimed: (record: number, sequence: number) => boolean,
  ): { lost: number[]; kept: number[] } {
    const { table } = this.#at.state
    const number = this.#at.state.workerNumber(worker)
    const lost: number[] = []
    const kept: number[] = []
    for (let slot = 0; slot < table.capacity; slot++) {
      if (table.worker[slot] !== number || (table.sequence[slot] ?? 0) === 0) continue
      const state = table.state[slot]
      if (state !== stateNumbers.ADMITTED && state !== stateNumbers.EXECUTING) continue
      const begun = state === stateNumbers.EXECUTING || wasClaimed(table.record[slot] ?? 0, table.sequence[slot] ?? 0)
      if (begun) lost.push(slot)
      else kept.push(slot)
    }
    kept.sort((a, b) => (table.record[a] ?? 0) - (table.record[b] ?? 0))
    return { lost, kept }
  }

  #lose(slot: number, worker: PinnedWorker, cause: ErrorData): void {
    const { state, life } = this.#at
    if (state.table.state[slot] === stateNumbers.ADMITTED) life.started(slot, state.now())
    const error: ErrorData = {
      kind: 'worker-lost',
      message: `worker ${worker.slot} of core ${worker.core} died while the token ran: ${cause.message}`,
      hint: cause.hint,
      cause,
    }
    life.lost(slot, error)
  }

  #restart(worker: PinnedWorker, kept: readonly Kept[]): void {
    const { state, deadlines } = this.#at
    if (worker.wasReady) this.#stillborn.delete(worker)
    else this.#stillborn.set(worker, (this.#stillborn.get(worker) ?? 0) + 1)
    const deaths = this.#stillborn.get(worker) ?? 0
    if (deaths < quickRestarts) return this.#start(worker, kept)
    this.#at.notice(
      'error',
      `Worker ${worker.slot} of core ${worker.core} died ${deaths} times while starting; the next try is in ${slowRestartMs} ms`,
    )
    worker.resting = true
    deadlines.add(state.now() + slowRestartMs * 1000, () => {
      worker.resting = false
      this.#start(worker, kept)
      // What waits at the gate could not be placed while it rested, and nobody else would look.
      this.#at.turns.soon()
    })
  }

  #start(worker: PinnedWorker, kept: readonly Kept[]): void {
    const { table } = this.#at.state
    worker.start(this.#at.workerOperations())
    // Some may have been killed while no thread could be started, and their slots may serve others.
    const left = kept.filter(({ slot, sequence }) => table.sequence[slot] === sequence && !table.isTerminal(slot))
    this.#at.dispatcher.restore(
      left.map(({ slot }) => slot),
      worker,
    )
  }
}
