import { assertDefined } from '../../../shared/assert.ts'
import type { CommandName, CommandScope } from '../../../shared/contract/commands.ts'
import type { TokenDetail } from '../../../shared/contract/tokens.ts'
import type { Topology } from '../../../shared/model/core.ts'
import type { OperationTags } from '../../../shared/model/operation.ts'
import type { TokenState } from '../../../shared/model/token.ts'
import { findEntries } from '../../entries.ts'
import { readTopology } from '../cpu/index.ts'
import type { WorkerQuota } from '../throttle/worker-quota.ts'
import { MonotonicClock } from '../workers/worker-clock.ts'
import { Board } from './board.fixture.ts'
import type { AnswerSource } from './call-answers.ts'
import type { CommandResult } from './commands.ts'
import type { ContextServices } from './context-services.ts'
import { Scheduler } from './scheduler.ts'
import type { RunnableOperation, SubmitSettings } from './scheduler-types.ts'
import type { TokenHandle } from './token-handle.ts'
import { until } from './until.fixture.ts'

const operationsModule = new URL('./operations.fixture.ts', import.meta.url).href

const operationTypes = `
  noop echo echo.async count count.heavy count.light count.async fail
  hold hold.heavy hold.light rest rest.heavy obey hold.then.obey listen burn spin open.pipe hang hang.yielding
  exit throw.later throw.nothing.later reject.unheard exhaust leave.a.bomb leave.a.rejection leave.a.block
  bytes measure return.function return.trap throw describe
  log log.long log.much log.then.obey log.levels console progress progress.of aborted tell.reason context.later lead.logs
  lead lead.slow lead.between lead.function lead.many lead.then.rest lead.then.spin nest launch launch.then.spin kill.child child.status
`
  .trim()
  .split(/\s+/)

/** What `operations.fixture.ts` declares, with tags where a test wants them. */
export function runnableOperations(tags: Readonly<Record<string, OperationTags>> = {}): RunnableOperation[] {
  return operationTypes.map((operationType) => ({
    operationType,
    tags: tags[operationType] ?? {},
    moduleUrl: operationsModule,
  }))
}

/** A machine with any number of cores, laid over the CPUs that there really are, so that its threads can be bound. */
export function topologyOf(cores: number): Topology {
  const real = readTopology()
  return {
    ...real,
    cores: Array.from({ length: cores }, (_, index) => {
      const like = assertDefined(real.cores[index % real.cores.length], 'a machine has a core')
      return { ...like, core: index + 1 }
    }),
    physicalCores: cores,
    usableCores: cores,
  }
}

export interface TestSettings {
  readonly cores?: number
  readonly operations?: readonly RunnableOperation[]
  /** False leaves the gate shut: nothing leaves its queue. */
  readonly started?: boolean
  readonly options?: Readonly<Record<string, unknown>>
  readonly workerEntry?: URL
  /** Instead of one with `cores` cores. */
  readonly topology?: Topology
  readonly services?: ContextServices
  readonly answers?: AnswerSource
  readonly workerQuota?: WorkerQuota
}

/** A scheduler with real threads and the test operations; disposing ends it, whatever still runs. */
export class TestScheduler implements AsyncDisposable {
  static readonly moduleUrl = operationsModule

  readonly board = Board.create()
  readonly scheduler: Scheduler
  readonly clock = new MonotonicClock()
  readonly #operations: readonly RunnableOperation[]
  #version = 0

  private constructor({
    cores = 1,
    operations = runnableOperations(),
    options = {},
    workerEntry,
    topology,
    services,
    answers,
    workerQuota,
  }: TestSettings) {
    const entries = findEntries()
    this.scheduler = Scheduler.create(
      // Patterns stay as a test sets them, however long it takes.
      { workersPerCore: 1, enableConvergence: false, ...options },
      {
        topology: topology ?? topologyOf(cores),
        clock: this.clock,
        workerEntry: workerEntry ?? entries.worker,
        processEntry: entries.process,
        sdkEntry: entries.sdk,
        services,
        answers,
        workerQuota,
        // Hundreds of short-lived schedulers would each load a thread that nobody needs; thread-source.test.ts is about it.
        spareThread: false,
      },
    )
    this.#operations = operations
    this.scheduler.setOperations(operations)
  }

  /** One core with one worker unless the settings say otherwise. */
  static async create(settings: TestSettings = {}): Promise<TestScheduler> {
    const made = new TestScheduler(settings)
    if (settings.started !== false) await made.scheduler.start()
    return made
  }

  submit(operationType: string, ...values: readonly unknown[]): TokenHandle {
    return this.scheduler.submit(operationType, values)
  }

  submitWith(settings: SubmitSettings, operationType: string, ...values: readonly unknown[]): TokenHandle {
    return this.scheduler.submit(operationType, values, settings)
  }

  /** Waits until operations have come to the gate so often. */
  async arrival(gate: number, times = 1): Promise<void> {
    await until(`an operation comes to gate ${gate}`, () => this.board.arrived(gate) >= times)
  }

  idOf(token: TokenHandle): string {
    return this.scheduler.idOf(token.sequence)
  }

  detailOf(token: TokenHandle): TokenDetail {
    return this.scheduler.detail(this.idOf(token))
  }

  stateOf(token: TokenHandle): TokenState {
    return this.detailOf(token).state
  }

  command(command: CommandName, scope: CommandScope, reason = 'the test says so'): CommandResult {
    return this.scheduler.runCommand(command, scope, { actor: 'a test', reason })
  }

  /** The command on some tokens. */
  commandOn(command: CommandName, ...tokens: readonly TokenHandle[]): CommandResult {
    return this.command(command, { kind: 'tokens', ids: tokens.map((token) => this.idOf(token)) })
  }

  /** Gives the scheduler new versions of its operations, as when a file of a workspace was saved. */
  reload(): void {
    this.#version += 1
    this.scheduler.setOperations(
      this.#operations.map((operation) => ({
        ...operation,
        moduleUrl: `${operation.moduleUrl}?version=${this.#version}`,
      })),
    )
  }

  get stats() {
    return this.scheduler.reports.stats({ cores: [], threads: new Map() })
  }

  /** What is known of one worker's thread. */
  worker(core: number, slot: number) {
    return this.stats.workers.find((worker) => worker.core === core && worker.slot === slot)
  }

  /** The same, once the thread has told how it is bound. */
  async readyWorker(core: number, slot: number) {
    await until(`worker ${slot} of core ${core} is ready`, () => this.worker(core, slot)?.threadId != null)
    return assertDefined(this.worker(core, slot), 'it is ready')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.scheduler.stop({ mode: 'abort' })
  }
}
