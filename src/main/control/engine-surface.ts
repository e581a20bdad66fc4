import type { CommandName, CommandPreview, CommandScope } from '../../shared/contract/commands.ts'
import type { Quantiles, StateCounts } from '../../shared/contract/common.ts'
import type { OperationInfo } from '../../shared/contract/operations.ts'
import type { OptionInfo, Stats } from '../../shared/contract/system.ts'
import type { TokenDetail, TokenFilter, TokenPage, TokenSort } from '../../shared/contract/tokens.ts'
import type { ErrorData } from '../../shared/errors.ts'
import type { TelemetryFrame } from '../../shared/frames/telemetry.ts'
import type { ModuleReport } from '../../shared/model/operation.ts'
import type { Weight } from '../../shared/model/token.ts'
import type {
  RunnableOperation,
  Settlement,
  StopOptions,
  StopReport,
  SubmitSettings,
} from '../engine/scheduler/scheduler-types.ts'

/** What this folder uses of the engine, so that tests can put something smaller in its place. */

/** What telemetry frames say beyond the scheduler: the cost of making them. */
type HostScalars = 'sequence' | 'interval' | 'controlShare' | 'controlDelay' | 'framesMerged'
export type SchedulerTelemetry = Omit<TelemetryFrame, HostScalars>

export type SchedulerStats = Omit<Stats, 'controlShare' | 'lost'> & {
  readonly lost: Omit<Stats['lost'], 'framesMerged'>
}

export interface OperationReport {
  readonly index: number
  readonly operation: string
  readonly weight: Weight
  readonly tags: OperationInfo['tags']
  readonly paused: boolean
  readonly counts: StateCounts
  readonly runs: Quantiles
  readonly waits: Quantiles
  readonly lastError: ErrorData | null
}

export interface CommandReach
  extends Pick<CommandPreview, 'waiting' | 'admitted' | 'executing' | 'children' | 'operations'> {
  readonly sequences: Float64Array
}

export interface CommandSettings {
  readonly actor: string
  readonly reason: string
  /** Only these tokens are touched. */
  readonly sequences?: Float64Array | undefined
}

export interface CommandResult {
  readonly affected: number
  readonly alreadyEnded: number
  readonly untouched: number
}

export interface Notice {
  readonly level: 'info' | 'warn' | 'error'
  readonly text: string
  /** Microseconds since the engine's epoch. */
  readonly at: number
}

export interface HostScheduler {
  start(): Promise<void>
  stop(options: StopOptions): Promise<StopReport>
  setOperations(list: readonly RunnableOperation[]): void
  submit(operationType: string, args: readonly unknown[], settings?: SubmitSettings): { readonly id: string }
  query(filter: TokenFilter, sort: TokenSort, offset: number, limit: number): TokenPage
  detail(id: string): TokenDetail
  settlement(id: string): Promise<Settlement>
  previewCommand(command: CommandName, scope: CommandScope): CommandReach
  runCommand(command: CommandName, scope: CommandScope, settings: CommandSettings): CommandResult
  operationReports(): readonly OperationReport[]
  stats(): SchedulerStats
  telemetry(): SchedulerTelemetry
  setPattern(core: number, pattern: number): void
  optionInfos(): readonly OptionInfo[]
  onNotice(listener: (notice: Notice) => void): () => void
}

/** An open workspace. */
export interface LoadedWorkspace {
  readonly path: string
  reports(): readonly ModuleReport[]
  runnable(): readonly RunnableOperation[]
  onChange(listener: () => void): () => void
  reload(): Promise<void>
  dispose(): void | Promise<void>
}

/** Which folders a person has trusted on this machine. */
export interface FolderTrust {
  isTrusted(path: string): boolean | Promise<boolean>
  trust(path: string): void | Promise<void>
  recent(): readonly string[] | Promise<readonly string[]>
}
