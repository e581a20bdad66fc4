import type { ErrorData } from '../../../shared/errors.ts'

/** What a collection asks of the journal's thread. Times are wall clock, milliseconds since 1970 UTC. */
export type RetentionAsk =
  | {
      readonly kind: 'ages'
      /** Tokens are counted between these, newest first. */
      readonly bounds: readonly number[]
    }
  | {
      readonly kind: 'remove'
      /** What was written before goes. */
      readonly writtenBefore: number
      /** Size in bytes to which the oldest bring the file; null: as it is. */
      readonly maxBytes: number | null
      readonly dryRun: boolean
    }

export interface RetentionAnswer {
  /** Ended tokens that are kept, or that were removed; of a dry run at the mean of a segment. */
  readonly rows: number
  /** Their size in bytes. */
  readonly bytes: number
  /** For `ages`: the share of what is kept that is younger than each bound but no younger than the one before; then the rest. */
  readonly ages: readonly number[]
}

export type RetentionMessage =
  | { readonly type: 'retention-progress'; readonly request: number; readonly rows: number }
  | { readonly type: 'retained'; readonly request: number; readonly answer: RetentionAnswer | ErrorData }
