import type { CommandName, CommandScope } from '../../../shared/contract/commands.ts'
import type { TokenDetail, TokenFilter, TokenPage, TokenRow, TokenSort } from '../../../shared/contract/tokens.ts'
import { type ErrorData, GuardhouseError, toErrorData } from '../../../shared/errors.ts'
import { GuardDesk } from '../guard/guard-desk.ts'
import { CoordinatorNarrator } from '../log/coordinator-narrator.ts'
import type { EngineLog } from '../log/engine-log.ts'
import { HeapGuard } from '../workers/heap-guard.ts'
import type { PinnedWorker, WorkerOwner } from '../workers/pinned-worker.ts'
import { ThreadSource } from '../workers/thread-source.ts'
import type { FromWorker, WorkerOperation } from '../workers/worker-protocol.ts'
import { Allocation } from './allocation/allocation.ts'
import { CallAnswers } from './call-answers.ts'
import type { CommandTargets } from './command-reach.ts'
import { type CommandContext, type CommandResult, Commands } from './commands.ts'
import { ContextServices } from './context-services.ts'
import { Convergence } from './convergence/convergence.ts'
import { Deadlines } from './deadlines.ts'
import { DispatchTurns } from './dispatch-turns.ts'
import { Dispatcher } from './dispatcher.ts'
import { LastToken } from './last-token.ts'
import { LiveOptions } from './live-options.ts'
import { makeCores } from './make-cores.ts'
import { type Notice, Notices } from './notices.ts'
import { toWorkerOperation } from './operation-table.ts'
import type { SchedulerOptions } from './options.ts'
import { everyCoreFull, requireSequence, requireToken, unknownOperation } from './refusals.ts'
import { Reports } from './reports.ts'
import { type EarlierRun, type PausedState, pausedState, takeOver } from './restore-tokens.ts'
import { SchedulerState } from './scheduler-state.ts'
import type {
  RunnableOperation,
  SchedulerEnvironment,
  Settlement,
  StopOptions,
  StopReport,
  SubmitSettings,
} from './scheduler-types.ts'
import { settlementOf } from './settlement.ts'
import { Retries } from './tags/retries.ts'
import { Timeline } from './timeline.ts'
import { describeToken } from './token-detail.ts'
import type { TokenHandle } from './token-handle.ts'
import { TokenLife } from './token-life.ts'
import type { TokenObserver } from './token-observer.ts'
import { matchTokens, queryTokens, rowsOf, type TokenMatches } from './token-query.ts'
import { stateNumbers } from './token-table.ts'
import { WorkerCare } from './worker-care.ts'
import { WorkerMessages } from './worker-messages.ts'

type Phase = 'created' | 'running' | 'stopping' | 'stopped'

/**
 * The scheduler: accepts calls as tokens, routes each to a worker bound to a core, and answers for every one of them until it has
 * ended. Single-threaded; all of it lives on the control thread. Tokens may be submitted before `start`; they wait.
 */
export class Scheduler {
  readonly options: SchedulerOptions
  readonly liveOptions: LiveOptions
  readonly convergence: Convergence
  readonly guard: GuardDesk
  readonly allocation: Allocation
  readonly #state: SchedulerState
  readonly #environment: SchedulerEnvironment
  readonly #deadlines: Deadlines
  readonly #life: TokenLife
  readonly #turns: DispatchTurns
  readonly #commands: Commands
  readonly #care: WorkerCare
  readonly #reports: Reports
  readonly #heapGuard: HeapGuard
  readonly #lastToken = new LastToken()
  readonly #threads: ThreadSource
  readonly #answers: CallAnswers | null
  readonly #notices: Notices
  readonly #narrator: CoordinatorNarrator
  #workerOperations: readonly WorkerOperation[] = []
  #phase: Phase = 'created'
  #draining = false
  #stopped: Promise<StopReport> | null = null

  /** Throws `bad-request` that names the option and its range. */
  static create(options: Readonly<Record<string, unknown>>, environment: SchedulerEnvironment): Scheduler {
    return new Scheduler(new LiveOptions(options), environment)
  }

  private constructor(liveOptions: LiveOptions, environment: SchedulerEnvironment) {
    const options = liveOptions.current
    this.options = options
    this.liveOptions = liveOptions
    this.#environment = environment
    this.#state = new SchedulerState(options, environment.clock)
    this.#notices = new Notices(() => this.#state.now())
    this.#narrator = new CoordinatorNarrator(this.#state.log, liveOptions)
    this.#deadlines = new Deadlines(() => this.#state.now())
    const retries = new Retries(this.#state, this.#deadlines, environment.chance ?? Math.random)
    this.#life = new TokenLife(
      this.#state,
      this.#deadlines,
      retries,
      () => this.#lastToken.left(this.#state.table.live),
      () => this.#turns.soon(),
    )
    this.#state.rules.connect(
      () => this.#turns.soon(),
      (slot, error) => this.#life.end(slot, 'FAILED', error),
    )
    const messages = new WorkerMessages({
      state: this.#state,
      services: environment.services ?? new ContextServices(),
      submit: (operationType, values, settings) => this.submit(operationType, values, settings),
      kill: (slot, actor, reason) => this.#commands.kill(slot, actor, reason),
      observe: () => this.#life.observeRunning(),
      started: (slot, at) => this.#life.started(slot, at),
    })
    const { workerEntry, spareThread } = environment
    this.#threads = new ThreadSource(workerEntry, environment, () => options.workerHeapMiB, spareThread)
    this.#makeWorkers(messages)
    const dispatcher = new Dispatcher(
      this.#state,
      () => this.#workerOperations,
      (slot) => this.#reject(slot),
    )
    const { clock } = environment
    this.#turns = new DispatchTurns(this.#state, dispatcher, () => this.#heapGuard.watch(), clock)
    this.#commands = new Commands(this.#state, this.#life, () => this.#turns.soon())
    this.#care = new WorkerCare({
      state: this.#state,
      life: this.#life,
      deadlines: this.#deadlines,
      dispatcher,
      workerOperations: () => this.#workerOperations,
      turns: this.#turns,
      notice: (level, text) => {
        this.#state.log.write('worker', level, () => text)
        this.#notices.tell(level, text)
      },
    })
    const { answers } = environment
    this.#answers =
      answers === undefined ? null : new CallAnswers(this.#state, this.#life, answers, () => this.#turns.soon())
    this.allocation = new Allocation(this.#state, liveOptions, (level, text) => this.#notices.tell(level, text))
    this.#heapGuard = new HeapGuard(this.#state, this.allocation)
    this.convergence = new Convergence(this.#state, liveOptions, () => this.#turns.soon())
    this.guard = new GuardDesk(this.#state, this.convergence, (level, text) => this.#notices.tell(level, text))
    this.#reports = new Reports(this.#state, environment.topology, this.convergence)
    liveOptions.onChange((changed) => {
      // A thread keeps the heap it was started with.
      if (changed.some(({ name }) => name === 'workerHeapMiB')) this.#retireWorkers()
      this.#state.rules.optionsChanged()
      this.#turns.soon()
    })
  }

  /** Takes over what an earlier run of the host left. Only before `start` and before anything is submitted. */
  takeOver(earlier: EarlierRun): void {
    takeOver(this.#state, this.#life, earlier)
    this.#narrator.tookOver(earlier.tokens.length, earlier.lastSequence)
  }

  /** What a person has paused as a whole. */
  pausedState(): PausedState {
    return pausedState(this.#state)
  }

  /** Opens the gate. Workers start when the first token is routed to them. */
  async start(): Promise<void> {
    if (this.#phase !== 'created')
      throw new GuardhouseError('conflict', `the scheduler is ${this.#phase} and cannot be started`)
    this.#phase = 'running'
    this.#turns.open = true
    this.#state.started = true
    this.convergence.start()
    this.#narrator.started(this.#state.cores.length, this.#state.workers.length, this.#state.table.live)
    this.#turns.soon()
  }

  /** Replaces the set of operations that can be run. Tokens are kept; workers that run old code are replaced as soon as they are free. */
  setOperations(operations: readonly RunnableOperation[]): void {
    this.#state.operations.replace(operations)
    this.#state.gate.availabilityChanged(this.#state.operations.entries)
    this.#workerOperations = this.#state.operations.entries.flatMap((entry) =>
      entry.moduleUrl === null ? [] : [toWorkerOperation(entry, entry.moduleUrl)],
    )
    this.#retireWorkers()
    this.#narrator.operations(this.#workerOperations.length)
    this.#turns.soon()
  }

  /** Accepts one call. Throws `not-found`, `overloaded` or `stopped`. Arguments must not be changed by the caller afterwards. */
  submit(operationType: string, values: readonly unknown[], settings?: SubmitSettings): TokenHandle {
    // A drain lets what was accepted finish, and a lead may need children for that.
    const childOfDrained = this.#draining && (settings?.parent ?? 0) > 0
    if ((this.#phase === 'stopping' && !childOfDrained) || this.#phase === 'stopped') {
      throw new GuardhouseError('stopped', 'the scheduler is stopping and accepts nothing more')
    }
    const operation = this.#state.operations.find(operationType)
    if (operation === undefined || operation.moduleUrl === null)
      throw unknownOperation(operationType, operation !== undefined, this.#workerOperations)
    if (this.#state.gate.waiting >= this.options.waitingMax) {
      throw new GuardhouseError('overloaded', `${this.options.waitingMax} tokens wait already`, {
        hint: 'Submit later, or raise the option waitingMax.',
      })
    }
    this.guard.house.admit(operation, values, settings)
    const handle = this.#life.create(operation.index, values, settings)
    this.guard.house.accepted(operation, handle.sequence)
    if (operation.tags.cache === true) this.#answers?.ask(handle.sequence)
    this.#turns.newestRun = operation.meanRun
    this.#turns.soon()
    return handle
  }

  /** The id of a kept token. */
  idOf(sequence: number): string {
    return this.#state.idOf(requireSequence(this.#state, sequence))
  }

  /**
   * Settles when the token has ended, whatever way. Throws `not-found` for a token that is not kept, and `too-large` for one that
   * ended before the question with a result of which only a preview was kept.
   */
  settlement(id: string): Promise<Settlement> {
    return settlementOf(this.#state, requireToken(this.#state, id), id)
  }

  async query(filter: TokenFilter, sort: TokenSort, offset: number, limit: number): Promise<TokenPage> {
    this.#life.observeRunning()
    return queryTokens(this.#state, filter, sort, offset, limit)
  }

  /** For those who put a page together from this and from a journal. */
  async match(filter: TokenFilter, sort: TokenSort): Promise<TokenMatches> {
    this.#life.observeRunning()
    return matchTokens(this.#state, filter, sort)
  }

  rows(sequences: Iterable<number>): TokenRow[] {
    return rowsOf(this.#state, sequences)
  }

  keeps(id: string): boolean {
    return this.#state.slotOf(id) >= 0
  }

  /** Throws `not-found`. */
  detail(id: string): TokenDetail {
    this.#life.observeRunning()
    return describeToken(this.#state, requireToken(this.#state, id))
  }

  previewCommand(command: CommandName, scope: CommandScope): CommandTargets {
    return this.#commands.preview(command, scope)
  }

  /** In one turn: for the few tokens that a program names. */
  runCommand(command: CommandName, scope: CommandScope, context: CommandContext): CommandResult {
    const result = this.#commands.run(command, scope, context)
    this.#tell(command, scope, context, result)
    return result
  }

  /** In as many turns as it takes: for however many tokens a person chose. */
  async runCommandInTurns(command: CommandName, scope: CommandScope, context: CommandContext): Promise<CommandResult> {
    const result = await this.#commands.runInTurns(command, scope, context)
    this.#tell(command, scope, context, result)
    return result
  }

  /** How many workers of a core routing may use, 1..workersPerCore. What others hold already they finish. */
  setPattern(core: number, pattern: number, actor = 'a program'): void {
    this.convergence.setByHand(core, pattern, actor)
  }

  get reports(): Reports {
    this.#life.observeRunning()
    return this.#reports
  }

  get log(): EngineLog {
    return this.#state.log
  }

  /** Tells other parts of the engine what becomes of tokens. */
  get observer(): TokenObserver {
    return this.#state.observer
  }

  get timeline(): Timeline {
    this.#life.observeRunning()
    return new Timeline(this.#state)
  }

  onNotice(listener: (notice: Notice) => void): () => void {
    return this.#notices.listen(listener)
  }

  /** After this every token has ended and every thread is gone. A second call with mode abort cuts a drain short; both get the same report. */
  stop(options: StopOptions): Promise<StopReport> {
    if (this.#stopped === null) this.#stopped = this.#stop(options)
    else if (options.mode === 'abort') this.#lastToken.giveUp()
    return this.#stopped
  }

  async #stop(options: StopOptions): Promise<StopReport> {
    const { mode, deadlineMs } = options
    this.#narrator.stopping(options, this.#state.table.live)
    const before = this.#state.counts[stateNumbers.COMPLETED] ?? 0
    this.#phase = 'stopping'
    this.#turns.open = true
    // A drain lets everything finish that was accepted, so nothing may hold it back.
    if (mode === 'drain') this.#state.gate.releaseAll(this.#state.operations.entries)
    this.#draining = mode === 'drain'
    if (this.#draining) {
      this.#turns.soon()
      await this.#lastToken.ended(this.#state.table.live, deadlineMs)
    }
    this.#draining = false
    const context = { actor: 'stop', reason: 'the scheduler was stopped' }
    const { affected: killed } = await this.#commands.runInTurns('kill', { kind: 'all' }, context)
    this.#phase = 'stopped'
    this.#turns.open = false
    this.#deadlines.dispose()
    this.#heapGuard.dispose()
    this.convergence[Symbol.dispose]()
    await Promise.all([this.#threads, ...this.#state.workers].map((each) => each.dispose()))
    const report = { completed: (this.#state.counts[stateNumbers.COMPLETED] ?? 0) - before, killed }
    this.#narrator.stopped(report)
    return report
  }

  #tell(command: CommandName, scope: CommandScope, { actor }: CommandContext, { affected }: CommandResult): void {
    this.#state.log.write('gate', 'info', () => `${command} ${scope.kind} by ${actor}: ${affected} affected`)
  }

  #retireWorkers(): void {
    for (const worker of this.#state.workers) worker.retire()
  }

  #makeWorkers(messages: WorkerMessages): void {
    const owner: WorkerOwner = {
      ended: (...outcome) => this.#outcome(...outcome),
      drained: () => this.#turns.now(),
      message: (worker: PinnedWorker, message: FromWorker) => {
        if (message.type === 'ready') this.#care.ready(worker)
        else if (message.type === 'lends') this.#turns.soon()
        else messages.receive(worker, message)
      },
      gone: (...death) => this.#care.gone(...death),
    }
    this.#state.cores = makeCores(this.options, this.#environment, this.#threads, owner)
    this.#state.workers = this.#state.cores.flatMap((core) => core.workers)
  }

  /** One completion as the worker wrote it. */
  #outcome(
    worker: PinnedWorker,
    slot: number,
    sequence: number,
    error: ErrorData | null,
    value: unknown,
    bytes: number,
    startedAt: number,
    endedAt: number,
  ): void {
    const { table } = this.#state
    const core = this.#state.coreOf(worker)
    core.load -= 1
    core.executed += 1
    core.meter.ran(endedAt - startedAt)
    if (this.#state.stopping.size > 0 && this.#state.stopping.delete(sequence)) {
      // Killed or timed out while it ran: its late outcome is dropped, as it had been settled.
      this.#state.rules.stopped(sequence)
      if (table.sequence[slot] === sequence) this.#care.stopped(slot)
      return
    }
    core.meter.waited(startedAt - (table.createdAt[slot] ?? startedAt))
    if (table.state[slot] === stateNumbers.ADMITTED) this.#life.started(slot, startedAt)
    else table.startedAt[slot] = startedAt
    this.#life.finished(slot, error, value, bytes, endedAt)
  }

  #reject(slot: number): void {
    this.#life.end(slot, 'FAILED', toErrorData(everyCoreFull(this.#state.operationOf(slot).weight)))
  }
}
