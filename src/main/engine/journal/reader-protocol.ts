import type { TokenDetail, TokenFilter, TokenRow, TokenSort } from '../../../shared/contract/tokens.ts'
import type { ErrorData } from '../../../shared/errors.ts'
import type { SharedBlock } from './text-block.ts'

/** What the control thread and the journal's reader say to each other. */

export interface ReaderData {
  /** Of the journal. */
  readonly path: string
  /** Of the present run. */
  readonly epochWall: number
  /** What the texts of arguments and errors may take of the memory; undefined: as usual. Bytes. */
  readonly textMemory?: number | undefined
}

/** Tokens that match in the scheduler's own table, in the order asked for. */
export interface LiveMatches {
  readonly sequences: Float64Array
  /** What they are ordered by; null when that is the sequence. For an order by operation: indexes of `names`. */
  readonly keys: Float64Array | null
  readonly names: readonly string[]
}

export interface PageQuestion {
  readonly filter: TokenFilter
  readonly sort: TokenSort
  readonly offset: number
  readonly limit: number
  readonly live: LiveMatches
}

export interface PageAnswer {
  /** In order: a row of the journal, or the sequence of a live token. */
  readonly rows: readonly (TokenRow | number)[]
  /** In the journal alone. */
  readonly matched: number
  readonly total: number
  /** Rows that a search for text has not looked at, because they are not indexed yet. */
  readonly unsearched: number
  /** Rows that it never looks at: the texts of newer ones fill the memory that is meant for them. */
  readonly unsearchable: number
}

export interface KeptOutcome {
  readonly sequence: number
  readonly state: TokenRow['state']
  readonly value: unknown
  readonly error: ErrorData | null
  /** Bytes of a result of which only a preview was kept; null when it is whole. */
  readonly cutBytes: number | null
}

export interface Questions {
  page: { readonly question: PageQuestion; readonly answer: PageAnswer }
  rows: { readonly question: readonly number[]; readonly answer: readonly TokenRow[] }
  /** Null when there is no such token. */
  detail: { readonly question: string; readonly answer: TokenDetail | null }
  outcome: { readonly question: string; readonly answer: KeptOutcome | null }
}
export type QuestionName = keyof Questions

export type ToReader =
  | {
      /** Tokens that the scheduler lets go of, in the columns of row-columns.ts. */
      readonly type: 'evicted'
      readonly count: number
      readonly numbers: ArrayBuffer
      readonly operations: readonly (readonly [index: number, name: string])[]
      /** Blocks that the writer has begun since the last time. */
      readonly texts: readonly SharedBlock[]
    }
  | { readonly type: 'removed'; readonly sequences: Float64Array }
  | { readonly type: 'reopen' }
  | {
      readonly [Name in QuestionName]: {
        readonly type: 'ask'
        readonly name: Name
        readonly request: number
        readonly question: Questions[Name]['question']
      }
    }[QuestionName]

export type FromReader =
  /** What the file held at the start is frozen for it; rows written from now on do not count as earlier ones. */
  | { readonly type: 'ready' }
  | { readonly type: 'loaded'; readonly total: number }
  /** The memory in which evicted tokens came, to be used again: fresh memory costs its first touch. */
  | { readonly type: 'taken'; readonly numbers: ArrayBuffer }
  | { readonly type: 'answer'; readonly request: number; readonly answer: unknown }
  | { readonly type: 'failed'; readonly request: number; readonly error: ErrorData }
  | { readonly type: 'slow'; readonly sentence: string }
