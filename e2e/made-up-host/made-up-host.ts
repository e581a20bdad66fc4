import type { ProcedureName, ProcedureOutput, ProcedureParsedInput } from '../../src/shared/contract/index.ts'
import type { HostEvent } from '../../src/shared/contract/system.ts'
import { decodeValue, encodeValue } from '../../src/shared/contract/values.ts'
import type { workflowProcedures } from '../../src/shared/contract/workflows.ts'
import { GuardhouseError } from '../../src/shared/errors.ts'
import { inventedBus } from './bus-answers.ts'
import { CommandAnswers } from './command-answers.ts'
import type { MadeUpHostOptions, Scenario } from './command-line.ts'
import { ConvergenceAnswers } from './convergence-answers.ts'
import { GuardAnswers } from './guard-answers.ts'
import { inventedResult } from './invented-texts.ts'
import { LogAnswers } from './log-answers.ts'
import { MadeUpOperation } from './made-up-operation.ts'
import { history, MadeUpScheduler } from './made-up-scheduler.ts'
import { catalogue } from './operation-catalogue.ts'
import { OptionAnswers } from './option-answers.ts'
import { ReceiptAnswers } from './receipt-answers.ts'
import { scheduleAnswers } from './schedule-answers.ts'
import { StorageAnswers } from './storage-answers.ts'
import { inventedStats, inventedSystem } from './system-answers.ts'
import { TelemetryFrames } from './telemetry-frames.ts'
import { inventedTimeline, inventedTimelineRuns, inventedTimelineSummary } from './timeline-answers.ts'
import { TokenAnswers } from './token-answers.ts'
import { isLive, type TokenRecord } from './token-record.ts'
import { inventedWatches } from './watch-answers.ts'
import { WorkflowAnswers } from './workflow-answers.ts'
import { WorkspaceAnswers } from './workspace-answers.ts'

const tickMs = 100
const outcomePollMs = 50
const troubleMs = 15_000

/** One answer for every procedure of the contract. */
export type Answers = {
  readonly [Name in ProcedureName]: (
    input: ProcedureParsedInput<Name>,
  ) => ProcedureOutput<Name> | Promise<ProcedureOutput<Name>>
}

/** An invented Guardhouse: the whole contract, and nothing behind it. */
export class MadeUpHost implements Disposable {
  readonly answers: Answers
  readonly readOnly: boolean
  readonly frames: TelemetryFrames
  readonly log: LogAnswers
  readonly #scheduler: MadeUpScheduler
  readonly #workflows: WorkflowAnswers
  readonly #listeners = new Set<(event: HostEvent) => void>()
  readonly #timers: readonly NodeJS.Timeout[]

  constructor(options: MadeUpHostOptions) {
    const { scenario } = options
    const startedAt = performance.now() - history / 1000
    const epochWall = Date.now() - history / 1000
    const empty = scenario === 'empty' || scenario === 'untrusted'
    const operations = catalogue(options.operations).map((entry, index) => new MadeUpOperation(entry, index))
    this.readOnly = scenario === 'read-only'
    this.#scheduler = new MadeUpScheduler({
      cores: options.cores,
      tokens: empty ? 0 : options.tokens,
      rate: empty ? 0 : options.rate,
      operations,
      failing: scenario === 'failing',
      paused: scenario === 'paused',
      seed: options.seed,
      epochWall,
      now: () => (performance.now() - startedAt) * 1000,
    })
    this.frames = new TelemetryFrames(this.#scheduler, scenario === 'failing')
    const announce = (event: HostEvent) => this.#announce(event)
    const system = inventedSystem(options.cores, scenario, epochWall)
    const commands = new CommandAnswers(this.#scheduler, operations, announce)
    const workspace = new WorkspaceAnswers(operations, scenario, announce)
    const optionAnswers = new OptionAnswers(commands, announce)
    const guard = new GuardAnswers(this.#scheduler, operations, commands)
    this.log = new LogAnswers(this.#scheduler)
    this.#workflows = new WorkflowAnswers(empty)
    this.answers = {
      ...answersOf(
        this.#scheduler,
        commands,
        workspace,
        system,
        optionAnswers,
        announce,
        guard,
        scheduleAnswers(operations, commands),
        this.log,
        new ReceiptAnswers(
          empty ? 0 : 800,
          this.#scheduler.store.tokens.map(({ id }) => id),
        ),
        scenario,
      ),
      ...this.#workflows.answers,
    }
    this.#timers = [
      setInterval(() => this.#scheduler.tick(), tickMs),
      ...(scenario === 'failing' ? [setInterval(() => this.#announceTrouble(), troubleMs)] : []),
    ]
  }

  /** Returns what takes the listener off again. */
  onEvent(listener: (event: HostEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  [Symbol.dispose](): void {
    for (const timer of this.#timers) clearInterval(timer)
    this.log[Symbol.dispose]()
    this.#listeners.clear()
    this.#workflows[Symbol.dispose]()
  }

  #announce(event: HostEvent): void {
    for (const listener of this.#listeners) listener(event)
  }

  #announceTrouble(): void {
    this.#announce({
      kind: 'notice',
      level: 'error',
      text: 'A worker of core 1 was replaced: its thread ran out of memory.',
      at: this.#scheduler.now(),
    })
  }
}

function answersOf(
  scheduler: MadeUpScheduler,
  commands: CommandAnswers,
  workspace: WorkspaceAnswers,
  system: ReturnType<typeof inventedSystem>,
  options: OptionAnswers,
  announce: (event: HostEvent) => void,
  guard: GuardAnswers,
  schedules: ReturnType<typeof scheduleAnswers>,
  log: LogAnswers,
  receipts: ReceiptAnswers,
  scenario: Scenario,
): Omit<Answers, keyof typeof workflowProcedures> {
  const tokens = new TokenAnswers(scheduler)
  return {
    ...options.answers,
    ...guard.answers,
    ...schedules,
    ...log.answers,
    ...receipts.answers,
    ...new StorageAnswers(receipts, scenario === 'failing').answers,
    ...new ConvergenceAnswers(scheduler, commands).answers,
    'system.info': () => ({ ...system, options: options.infos() }),
    'system.recentTelemetry': () => [],
    'system.stats': () => inventedStats(scheduler, guard.report()),
    'cores.setPattern': ({ core, pattern, reason }) => {
      if (scheduler.patterns[core - 1] === undefined) throw new GuardhouseError('not-found', `there is no core ${core}`)
      scheduler.patterns[core - 1] = pattern
      commands.record('set pattern', `core ${core}`, reason, `${pattern} workers`)
      return { core, pattern }
    },
    'tokens.query': (input) => tokens.query(input),
    'tokens.get': ({ id }) => tokens.detail(id),
    'tokens.outcome': ({ id, waitMs }) => outcome(tokens.find(id), waitMs ?? 0),
    'tokens.submit': (input) => ({ id: submit(scheduler, workspace, input).id }),
    'tokens.submitMany': ({ count, ...input }) => {
      const submitted = Array.from({ length: count }, () => submit(scheduler, workspace, input))
      return { count, first: submitted[0]?.id ?? '', last: submitted.at(-1)?.id ?? '' }
    },
    ...inventedWatches(announce),
    ...inventedBus({ empty: scenario === 'empty' || scenario === 'untrusted', tokens, receipts }),
    'timeline.read': (input) => inventedTimeline(scheduler, input),
    'timeline.summary': ({ from, to }) => inventedTimelineSummary(scheduler, from, to),
    'timeline.runs': ({ from, to, limit }) => inventedTimelineRuns(scheduler, from, to, limit),
    'commands.preview': ({ command, scope }) => commands.preview(command, scope),
    'commands.pause': (input) => commands.run('pause', input),
    'commands.resume': (input) => commands.run('resume', input),
    'commands.drain': (input) => commands.run('drain', input),
    'commands.kill': (input) => commands.run('kill', input),
    'audit.query': (input) => commands.queryAudit(input),
    'operations.list': () => ({ operations: workspace.operations() }),
    'workspace.get': () => workspace.get(),
    'workspace.open': ({ path }) => workspace.open(path),
    'workspace.openSample': () => workspace.openSample(),
    'workspace.trust': ({ path }) => workspace.trust(path),
    'workspace.reload': () => workspace.reload(),
  }
}

function submit(
  scheduler: MadeUpScheduler,
  workspace: WorkspaceAnswers,
  input: ProcedureParsedInput<'tokens.submit'>,
): TokenRecord {
  const token = scheduler.store.add({
    operation: workspace.find(input.operation),
    created: scheduler.now(),
    submittedArguments: input.arguments,
    timeout: input.timeout ?? null,
    queueTimeout: input.queueTimeout ?? null,
  })
  for (const argument of input.arguments) decodeValue(argument)
  scheduler.submit(token)
  return token
}

async function outcome(token: TokenRecord, waitMs: number): Promise<ProcedureOutput<'tokens.outcome'>> {
  const until = performance.now() + waitMs
  while (isLive(token) && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, outcomePollMs))
  const value = token.state === 'COMPLETED' ? { value: encodeValue(inventedResult(token)) } : {}
  return { id: token.id, state: token.state, ...value }
}
