import type { ErrorData } from '../errors.ts'
import type { DigestPolicy, HashPolicy, RetryTag, StorageSpeed } from './tags.ts'
import type { Weight } from './token.ts'

/** Tags as a developer writes them on an operation, after validation. */
export interface OperationTags {
  readonly weight?: Weight | undefined
  /** Longest run, milliseconds; the token ends as TIMEOUT. */
  readonly timeout?: number | undefined
  /** Longest wait before the run starts, milliseconds; the token ends as TIMEOUT. */
  readonly queueTimeout?: number | undefined
  /** At most so many operations at once as the tier allows; the permit is taken before a worker is. */
  readonly storageSpeed?: StorageSpeed | undefined
  /** Runs in a child process of its worker instead of in the worker's thread. */
  readonly processPool?: boolean | undefined
  /** Tokens of one anchor and the same key run one after the other, on one core. */
  readonly stickyAnchor?: string | undefined
  /** Standard when absent. */
  readonly hashPolicy?: HashPolicy | undefined
  /** Marks a lead: all its descendants run on its core. The names only enter the seed of its domain. */
  readonly externalCalls?: readonly string[] | undefined
  /** Full when absent. */
  readonly digestPolicy?: DigestPolicy | undefined
  readonly retry?: RetryTag | undefined
  /** Running it twice does no more than running it once. */
  readonly idempotent?: boolean | undefined
  /** Leaves a receipt when it completes. */
  readonly receipt?: boolean | undefined
  /** Its result may answer later calls with the same arguments. */
  readonly cache?: boolean | undefined
}

/** Where an operation is written. Line and column are 1-based. */
export interface SourcePosition {
  readonly file: string
  readonly line: number
  readonly column: number
}

export const complexityLevels = ['TRIVIAL', 'SIMPLE', 'MODERATE', 'COMPLEX', 'EXTREME'] as const

/** How complex an operation's source is; see engine/workspace/inspect-source.ts for the formula. */
export interface SourceInspection {
  /** 0..200. */
  readonly score: number
  readonly level: (typeof complexityLevels)[number]
  readonly length: number
  readonly depth: number
  readonly literals: number
  readonly names: number
  readonly loops: number
  readonly branches: number
}

/** What a scan of a workspace finds for one operation. */
export interface OperationDefinition {
  readonly operationType: string
  readonly tags: OperationTags
  /** Path of the module relative to the workspace, with forward slashes. */
  readonly module: string
  /** How the operation is found again in its module. */
  readonly exportName: string
  readonly position: SourcePosition | null
  /** Parameter names as written, for the launch form; empty when they cannot be read. */
  readonly parameters: readonly string[]
  /** First sentence of the doc comment, if there is one. */
  readonly description: string | null
  /** Undefined when its source was not looked at. */
  readonly inspection?: SourceInspection | undefined
}

export type ModuleState = 'loaded' | 'failed'

/** One `*.ops.*` file of a workspace. */
export interface ModuleReport {
  readonly module: string
  readonly state: ModuleState
  readonly operations: readonly OperationDefinition[]
  readonly error: ErrorData | null
  /** SHA-256 of the file, hexadecimal. */
  readonly hash: string
}
