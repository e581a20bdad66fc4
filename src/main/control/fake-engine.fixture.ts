import { assertDefined } from '../../shared/assert.ts'
import type { CommandName, CommandScope } from '../../shared/contract/commands.ts'
import type { StateCounts } from '../../shared/contract/common.ts'
import type { TokenDetail, TokenFilter, TokenPage, TokenRow, TokenSort } from '../../shared/contract/tokens.ts'
import { GuardhouseError } from '../../shared/errors.ts'
import { makeColumns } from '../../shared/frames/frame.ts'
import { telemetryLayout } from '../../shared/frames/telemetry.ts'
import type { ModuleReport, OperationDefinition } from '../../shared/model/operation.ts'
import { isTerminal, type TokenState, tokenStates } from '../../shared/model/token.ts'
import { GuardDesk } from '../engine/guard/guard-desk.ts'
import { Allocation } from '../engine/scheduler/allocation/allocation.ts'
import type { CommandTargets } from '../engine/scheduler/command-reach.ts'
import type { CommandContext, CommandResult } from '../engine/scheduler/commands.ts'
import { Convergence } from '../engine/scheduler/convergence/convergence.ts'
import { describeConvergence } from '../engine/scheduler/convergence/convergence-report.ts'
import { LiveOptions } from '../engine/scheduler/live-options.ts'
import type { Notice } from '../engine/scheduler/notices.ts'
import type { OperationReport, SchedulerFrame, SchedulerStats } from '../engine/scheduler/reports.ts'
import type { PausedState } from '../engine/scheduler/restore-tokens.ts'
import { SchedulerState } from '../engine/scheduler/scheduler-state.ts'
import type { RunnableOperation, Settlement, StopReport } from '../engine/scheduler/scheduler-types.ts'
import type { FolderTrust, HostScheduler, LoadedWorkspace } from './engine-surface.ts'

/** Stand-ins for the engine in tests of the control folder: they keep state as the engine does, and run nothing. */

interface FakeToken {
  readonly sequence: number
  readonly id: string
  readonly operation: string
  readonly args: readonly unknown[]
  state: TokenState
  readonly settled: PromiseWithResolvers<Settlement>
}

const noSamples = { p50: null, p95: null, p99: null, samples: 0 }

export class FakeScheduler implements HostScheduler {
  readonly tokens: FakeToken[] = []
  operations: readonly RunnableOperation[] = []
  /** Tokens that have not ended beyond which a submission is refused. */
  room = Number.POSITIVE_INFINITY
  settlementCalls = 0
  readonly liveOptions = new LiveOptions({})
  readonly #state = new SchedulerState(this.liveOptions.current, { now: () => 0, epochWall: 0 })
  readonly convergence = new Convergence(this.#state, this.liveOptions, () => undefined)
  readonly guard = new GuardDesk(this.#state, this.convergence, () => undefined)
  readonly allocation = new Allocation(this.#state, this.liveOptions, () => undefined)
  readonly log = this.#state.log
  /** A test may replace each. */
  readonly reports = {
    convergence: () => describeConvergence(this.#state, this.convergence),
    canRun: (name: string) => this.#operations().some(({ operation, runnable }) => operation === name && runnable),
    operations: () => this.#operations(),
    stats: () => this.#stats(),
    frame: () => this.#frame(),
  }
  readonly observer: HostScheduler['observer'] = { listen: () => () => undefined }
  readonly timeline: HostScheduler['timeline'] = {
    read: (to, span, columns) => ({
      from: (to ?? 0) - span,
      to: to ?? 0,
      columns,
      now: 0,
      oldest: null,
      tokens: 0,
      lanes: [],
    }),
    summary: () => ({ tokens: 0, operations: [], lanes: [] }),
    runs: async () => ({ runs: [], matched: 0 }),
  }
  stopped: StopReport | null = null
  readonly #noticeListeners = new Set<(notice: Notice) => void>()

  async stop(): Promise<StopReport> {
    for (const token of this.#live()) this.end(token.id, { state: 'KILLED', error: stoppedError() })
    this.stopped = { completed: 0, killed: this.tokens.length }
    return this.stopped
  }

  /** The engine's own table of operations, whose indexes measurements name. */
  knowOperation(operationType: string): void {
    this.#state.operations.ensure(operationType)
  }

  setOperations(list: readonly RunnableOperation[]): void {
    this.operations = list
  }

  submit(operation: string, args: readonly unknown[]): { sequence: number } {
    if (!this.operations.some((known) => known.operationType === operation)) {
      throw new GuardhouseError('not-found', `there is no operation "${operation}"`)
    }
    if (this.#live().length >= this.room)
      throw new GuardhouseError('overloaded', 'too many tokens wait', { hint: 'Wait.' })
    const sequence = this.tokens.length + 1
    const id = `${operation}/${sequence}`
    this.tokens.push({ sequence, id, operation, args, state: 'WAITING', settled: Promise.withResolvers() })
    return { sequence }
  }

  idOf(sequence: number): string {
    return assertDefined(this.tokens[sequence - 1], 'tests ask for tokens they submitted').id
  }

  /** Ends a token as the engine would. */
  end(id: string, how: { state?: TokenState; value?: unknown; error?: Settlement['error'] } = {}): void {
    const token = this.token(id)
    token.state = how.state ?? 'COMPLETED'
    const { sequence, state } = token
    token.settled.resolve({ sequence, state, value: how.value, error: how.error ?? null })
  }

  token(id: string): FakeToken {
    const token = this.tokens.find((candidate) => candidate.id === id)
    if (token === undefined) throw new GuardhouseError('not-found', `there is no token ${id}`)
    return token
  }

  async query(filter: TokenFilter, _sort: TokenSort, offset: number, limit: number): Promise<TokenPage> {
    const matching = this.tokens.filter((token) => filter.states?.includes(token.state) ?? true)
    const rows = matching.slice(offset, offset + limit).map(rowOf)
    return { rows, matched: matching.length, kept: this.tokens.length, evicted: 0, version: 1, now: 0 }
  }

  detail(id: string): TokenDetail {
    return {
      ...rowOf(this.token(id)),
      times: { created: 0 },
      tags: {},
      arguments: { text: '[]', bytes: 2, truncated: false },
      result: null,
      error: null,
      progress: null,
      log: [],
      logDropped: 0,
      route: null,
      waitingBecause: null,
      stopping: false,
      deadlines: { queueTimeout: null, timeout: null },
      attempts: [],
      actions: [],
      children: { total: 0, first: [] },
      ancestors: [],
      bindings: { anchor: null, domain: null, leads: null, storage: null },
      now: 0,
    }
  }

  async settlement(id: string): Promise<Settlement> {
    this.settlementCalls += 1
    return this.token(id).settled.promise
  }

  previewCommand(_command: CommandName, scope: CommandScope): CommandTargets {
    const tokens = this.#inScope(scope)
    const sequences = Float64Array.from(tokens, (token) => token.sequence)
    return { waiting: tokens.length, admitted: 0, executing: 0, children: 0, operations: [], sequences }
  }

  runCommand(command: CommandName, scope: CommandScope, { sequences, reason }: CommandContext): CommandResult {
    const frozen = sequences === undefined ? null : new Set(sequences)
    const tokens = this.#inScope(scope).filter((token) => frozen?.has(token.sequence) ?? true)
    if (command !== 'kill') return { affected: 0, alreadyEnded: 0, untouched: tokens.length }
    for (const { id } of tokens) this.end(id, { state: 'KILLED', error: { kind: 'killed', message: reason } })
    return { affected: tokens.length, alreadyEnded: (frozen?.size ?? tokens.length) - tokens.length, untouched: 0 }
  }

  async runCommandInTurns(...command: Parameters<FakeScheduler['runCommand']>): Promise<CommandResult> {
    return this.runCommand(...command)
  }

  #operations(): OperationReport[] {
    return this.operations.map(({ operationType }, index) => ({
      index,
      operation: operationType,
      weight: 'light',
      tags: {},
      paused: false,
      counts: noCounts(),
      runs: noSamples,
      waits: noSamples,
      lastError: null,
      runnable: true,
    }))
  }

  #stats(): SchedulerStats {
    return {
      topology: { physical_cores: 1, logical_cores: 2, workers_per_core: 4, total_workers: 8 },
      token_pool: {
        total_created: this.tokens.length + 4,
        total_killed: 0,
        total_admitted: 0,
        current_tokens: this.tokens.length,
        tokens_by_state: noCounts(),
        paused: false,
      },
      admission_gate: { active: true, total_admitted: 0, mode: 'OPEN' },
      worker_queue: {
        num_cores: 2,
        workers_per_core: 4,
        total_workers: 8,
        total_executed: 0,
        total_failed: 0,
        core_position_counters: {},
      },
      affinity_distribution: {},
      convergence: null,
      tags: {
        storage: [],
        sticky: { pins: 0, waiting: 0, snapshot: {} },
        conductor: { domains: 0, opened: 0, snapshot: {} },
        retries: { total_retries_created: 0, total_retries_succeeded: 0, total_retries_exhausted: 0, waiting: 0 },
      },
      totals: noCounts(),
      waits: noSamples,
      runs: noSamples,
      throughputPerSecond: 0,
      workers: [],
      cores: [],
    }
  }

  #frame(): SchedulerFrame {
    const scalars = Object.fromEntries(telemetryLayout.scalars.map((name) => [name, 0]))
    const { cores, workers } = telemetryLayout.tables
    const tables = { cores: makeColumns(cores, 1), workers: makeColumns(workers, 0) }
    return {
      ...scalars,
      ...tables,
      now: performance.now() * 1000,
      created: this.tokens.length,
    } as unknown as SchedulerFrame
  }

  setPattern(core: number): void {
    if (core > 2) throw new GuardhouseError('not-found', `there is no core ${core}, cores are 1 to 2`)
  }

  pausedState(): PausedState {
    return { gate: false, operations: [] }
  }

  onNotice(listener: (notice: Notice) => void): () => void {
    this.#noticeListeners.add(listener)
    return () => this.#noticeListeners.delete(listener)
  }

  notify(notice: Notice): void {
    for (const listener of this.#noticeListeners) listener(notice)
  }

  #live(): FakeToken[] {
    return this.tokens.filter((token) => !isTerminal(token.state))
  }

  #inScope(scope: CommandScope): FakeToken[] {
    return this.#live().filter(({ id, operation }) => {
      if (scope.kind === 'tokens') return scope.ids.includes(id)
      return scope.kind === 'all' || scope.operation === operation
    })
  }
}

/** A workspace of one loaded module `sums.ops.ts`, unless told otherwise. */
export class FakeWorkspace implements LoadedWorkspace {
  readonly path: string
  modules: readonly ModuleReport[] = [moduleReport('sums.ops.ts', ['add', 'subtract'])]
  notes: readonly string[] = []
  disposed = false
  readonly #listeners = new Set<() => void>()

  constructor(path: string) {
    this.path = path
  }

  reports(): readonly ModuleReport[] {
    return this.modules
  }

  notices(): readonly string[] {
    return this.notes
  }

  runnable(): RunnableOperation[] {
    return this.modules.flatMap(({ operations }) =>
      operations.map(({ operationType, tags }) => ({ operationType, tags, moduleUrl: 'file:///sums.ops.ts' })),
    )
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async reload(): Promise<void> {
    for (const listener of this.#listeners) listener()
  }

  dispose(): void {
    this.disposed = true
  }

  change(modules: readonly ModuleReport[]): void {
    this.modules = modules
    for (const listener of this.#listeners) listener()
  }
}

export class FakeTrust implements FolderTrust {
  readonly trusted = new Set<string>()
  readonly #recent: string[] = []
  notice: string | null = null
  /** Why nothing can be written, when a test says so. */
  unwritable: Error | null = null

  async isTrusted(path: string): Promise<boolean> {
    return this.trusted.has(path)
  }

  async trust(path: string): Promise<void> {
    if (this.unwritable !== null) throw this.unwritable
    this.trusted.add(path)
  }

  recent(): readonly string[] {
    return this.#recent
  }

  async remember(path: string): Promise<void> {
    if (this.unwritable !== null) throw this.unwritable
    this.#recent.unshift(path)
  }
}

export function moduleReport(module: string, names: readonly string[]): ModuleReport {
  return { module, state: 'loaded', operations: names.map((name) => definition(module, name)), error: null, hash: '00' }
}

export function failedReport(module: string): ModuleReport {
  return {
    module,
    state: 'failed',
    operations: [],
    error: { kind: 'module-failed', message: 'Unexpected token' },
    hash: '01',
  }
}

function definition(module: string, operationType: string): OperationDefinition {
  const position = { file: `/workspace/${module}`, line: 1, column: 1 }
  const description = `Does ${operationType}.`
  return { operationType, tags: {}, module, exportName: operationType, position, parameters: ['a', 'b'], description }
}

function rowOf({ id, sequence, operation, state }: FakeToken): TokenRow {
  return {
    id,
    sequence,
    operation,
    state,
    weight: 'light',
    core: null,
    slot: null,
    createdAt: 0,
    waited: 0,
    ran: null,
    attempt: 1,
    held: false,
    parent: null,
  }
}

function noCounts(): StateCounts {
  return Object.fromEntries(tokenStates.map((state) => [state, 0])) as StateCounts
}

function stoppedError(): NonNullable<Settlement['error']> {
  return { kind: 'stopped', message: 'the scheduler was stopped' }
}
