import type { ErrorData } from '../errors.ts'
import type { Weight } from './token.ts'

/** Tags as a developer writes them on an operation, after validation. */
export interface OperationTags {
  readonly weight?: Weight | undefined
  /** Longest run, milliseconds; the token ends as TIMEOUT. */
  readonly timeout?: number | undefined
  /** Longest wait before the run starts, milliseconds; the token ends as TIMEOUT. */
  readonly queueTimeout?: number | undefined
}

/** Where an operation is written. Line and column are 1-based. */
export interface SourcePosition {
  readonly file: string
  readonly line: number
  readonly column: number
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
