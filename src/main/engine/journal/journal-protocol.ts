import type { AuditEntry } from '../../../shared/contract/commands.ts'
import type { TokenDetail } from '../../../shared/contract/tokens.ts'
import type { TakenBatch, TakenBuffers } from './journal-batch.ts'
import type { RetentionAsk, RetentionMessage } from './retention-protocol.ts'
import type { StorageFault } from './sqlite-error.ts'
import type { SharedBlock } from './text-block.ts'

/** What the control thread and the journal's writer say to each other. */

export interface JournalLimits {
  /** Tokens that have ended and are kept at the most. */
  readonly maxRows: number
  /** Size of the file in bytes above which the oldest ended tokens go. */
  readonly maxBytes: number
  /** Days after which ended tokens go. */
  readonly maxDays: number
}

export interface WriterData {
  /** Absolute path of the file. */
  readonly path: string
  /** Take the next free file beside it when another host has this one; else that is an error. */
  readonly mayMove: boolean
  readonly limits: JournalLimits
  readonly epochWall: number
}

/** An operation with the tags it had, by the number that records carry. */
export interface JournalOperation {
  readonly number: number
  readonly name: string
  /** As people are shown them. */
  readonly tags: TokenDetail['tags']
}

/** Records in the form of journal-record.ts, with what happened beside them; one transaction. */
export interface JournalBatch extends TakenBatch {
  /** Larger than that of any batch before, in this run and earlier ones. */
  readonly number: number
  /** It has to be on the disk, with all before it, when it is told to be committed; otherwise it is enough that the kernel has it. */
  readonly sync: boolean
  /** It tells everything that is known, also what the file has already. */
  readonly everything: boolean
  /** Operations that are new to the journal. */
  readonly operations: readonly JournalOperation[]
  /** What explains the routes of tokens that ended in this batch. */
  readonly cores: number
  readonly workersPerCore: number
  readonly audit: readonly AuditEntry[]
  /** JSON by name; null takes the setting away. */
  readonly settings: readonly (readonly [name: string, json: string | null])[]
}

export type ToWriter =
  | { readonly type: 'batch'; readonly batch: JournalBatch }
  /** The file may not grow beyond so many pages. */
  | { readonly type: 'limit'; readonly pages: number }
  | { readonly type: 'retain'; readonly request: number; readonly ask: RetentionAsk }
  | { readonly type: 'stop-retaining'; readonly request: number }
  | { readonly type: 'close' }

/** A token that had not ended when the host before this one did. */
export interface RestoredToken {
  readonly sequence: number
  readonly id: string
  readonly operation: string
  readonly weight: number
  readonly attempt: number
  readonly parent: number
  readonly timeout: number
  readonly queueTimeout: number
  readonly held: boolean
  readonly format: number
  readonly bytes: Uint8Array
}

export interface RestoreReport {
  /** Tokens that wait again, oldest first. */
  readonly waiting: readonly RestoredToken[]
  /** Of these, how many had begun and run again because they are idempotent. */
  readonly requeued: number
  /** Had begun and are reported as interrupted. */
  readonly interrupted: number
  /** Children whose lead begins anew and makes them again. */
  readonly superseded: number
}

export interface JournalOpened {
  readonly path: string
  /** Folder where this run's workers log what they begin. */
  readonly startsFolder: string
  readonly lastSequence: number
  /** Number of the newest batch. */
  readonly lastBatch: number
  readonly restore: RestoreReport
  readonly audit: readonly AuditEntry[]
  readonly auditTotal: number
  readonly settings: readonly (readonly [name: string, json: string])[]
  /** What a person should know: a damaged file kept aside, another host's file left alone. */
  readonly notices: readonly string[]
}

export interface WriterFigures {
  readonly transactions: number
  readonly records: number
  /** Bytes of the file and its log of changes, when it last was on the disk as a whole. */
  readonly fileBytes: number
  /** Rows of tokens that have ended. */
  readonly rows: number
  readonly slowTransactions: number
}

export type FromWriter =
  | RetentionMessage
  | { readonly type: 'opened'; readonly opened: JournalOpened }
  | {
      readonly type: 'not-opened'
      readonly kind: 'conflict' | 'not-allowed' | 'unsupported'
      readonly message: string
      readonly hint: string
    }
  /** With the buffers of the batch, to be used again. */
  | {
      readonly type: 'committed'
      readonly number: number
      /** It is on the disk, and all before it. */
      readonly synced: boolean
      readonly figures: WriterFigures
      readonly buffers: TakenBuffers
      /** Begun with this batch, for the reader. */
      readonly texts: readonly SharedBlock[]
    }
  /** A batch could not be written; the writer tries again until it can. */
  | { readonly type: 'trouble'; readonly fault: StorageFault; readonly sentence: string }
  | { readonly type: 'recovered' }
  /** The file was damaged and is kept aside; a fresh one needs everything that is known. */
  | { readonly type: 'fresh'; readonly sentence: string }
  /** Rows that retention has removed, ascending. */
  | { readonly type: 'removed'; readonly sequences: Float64Array }
  | { readonly type: 'slow'; readonly sentence: string }
  | { readonly type: 'closed' }
