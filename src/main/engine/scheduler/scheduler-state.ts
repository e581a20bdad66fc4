import { assertDefined } from '../../../shared/assert.ts'
import type { TokenState } from '../../../shared/model/token.ts'
import { tokenStates } from '../../../shared/model/token.ts'
import { sequenceOf, tokenId } from '../../../shared/model/token-id.ts'
import type { Clock } from '../../../shared/time.ts'
import { EngineLog } from '../log/engine-log.ts'
import type { PinnedWorker } from '../workers/pinned-worker.ts'
import type { CoreState } from './core-state.ts'
import { Gate } from './gate.ts'
import { type OperationEntry, OperationTable } from './operation-table.ts'
import type { SchedulerOptions } from './options.ts'
import { SampleWindow } from './sample-window.ts'
import { TagRules } from './tags/tag-rules.ts'
import { makeExtra, type TokenRecordExtra } from './token-extra.ts'
import { TokenObserver } from './token-observer.ts'
import { TokenTable } from './token-table.ts'

// Over the newest finished tokens of all operations.
const samplesOverall = 2048

/** Everything the scheduler knows, owned by the control thread; its parts read and change it, nobody else does. */
export class SchedulerState {
  readonly options: SchedulerOptions
  readonly clock: Clock
  readonly table: TokenTable
  readonly operations: OperationTable
  readonly gate: Gate
  readonly rules: TagRules
  readonly log: EngineLog
  readonly observer = new TokenObserver(this)
  readonly waits = new SampleWindow(samplesOverall)
  readonly runs = new SampleWindow(samplesOverall)
  /** By state: tokens in it now; for final states, tokens that ended so since start. */
  readonly counts = new Float64Array(tokenStates.length)
  /** Sequences of tokens that are settled while their code still holds a worker, with that worker. */
  readonly stopping = new Map<number, PinnedWorker>()
  /** Ids of tokens that an earlier run accepted: of long ago they cannot be computed to the nanosecond. */
  readonly #earlierIds = new Map<number, string>()
  logLinesDropped = 0
  /** False until `start`: tokens are accepted and wait. */
  started = false
  /** By number: core by core, slot by slot. */
  workers: readonly PinnedWorker[] = []
  cores: readonly CoreState[] = []

  constructor(options: SchedulerOptions, clock: Clock) {
    this.options = options
    this.clock = clock
    this.log = new EngineLog(() => clock.now())
    this.table = new TokenTable(options.historyMax)
    this.operations = new OperationTable(this.table.links)
    this.rules = new TagRules(this)
    this.gate = new Gate(this.table, (slot) => this.operationOf(slot), this.rules)
  }

  now(): number {
    return this.clock.now()
  }

  operationNames(): string[] {
    return this.operations.entries.map((entry) => entry.operationType)
  }

  operationOf(slot: number): OperationEntry {
    return this.operations.at(this.table.operation[slot] ?? 0)
  }

  /** The worker a token was placed on, or null before that. */
  workerOf(slot: number): PinnedWorker | null {
    return this.workers[this.table.worker[slot] ?? -1] ?? null
  }

  coreOf(worker: PinnedWorker): CoreState {
    return assertDefined(this.cores[worker.core - 1], 'every worker belongs to a core')
  }

  workerNumber(worker: PinnedWorker): number {
    return (worker.core - 1) * this.options.workersPerCore + worker.slot
  }

  extra(slot: number): TokenRecordExtra {
    const existing = this.table.extras[slot]
    if (existing != null) return existing
    const made = makeExtra()
    this.table.extras[slot] = made
    return made
  }

  idOf(slot: number): string {
    const { table } = this
    const sequence = table.sequence[slot] ?? 0
    const earlier = sequence <= table.countedFrom ? this.#earlierIds.get(sequence) : undefined
    if (earlier !== undefined) return earlier
    return tokenId(this.operationOf(slot).operationType, table.createdAt[slot] ?? 0, this.clock.epochWall, sequence)
  }

  /** Keeps the id that an earlier run gave a token. Returns the instant of its creation, which lies before this run's epoch. */
  keepId(sequence: number, id: string): number {
    this.#earlierIds.set(sequence, id)
    const nanoseconds = id.split('_').at(-2) ?? '0'
    return Number(BigInt(nanoseconds) - BigInt(Math.trunc(this.clock.epochWall)) * 1_000_000n) / 1000
  }

  /** Table slot of a kept token, or -1. */
  slotOf(id: string): number {
    const sequence = sequenceOf(id)
    const slot = sequence === null ? -1 : this.table.find(sequence)
    return slot >= 0 && this.idOf(slot) === id ? slot : -1
  }

  stateOf(slot: number): TokenState {
    return this.table.stateOf(slot)
  }

  /** Keeps the counts in step; `from` and `to` are state numbers, -1 for "not yet there". */
  count(slot: number, from: number, to: number): void {
    const { counts } = this.operationOf(slot)
    if (from >= 0) {
      this.counts[from] = (this.counts[from] ?? 0) - 1
      counts[from] = (counts[from] ?? 0) - 1
    }
    this.counts[to] = (this.counts[to] ?? 0) + 1
    counts[to] = (counts[to] ?? 0) + 1
  }
}
