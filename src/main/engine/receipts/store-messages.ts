import type { ErrorData } from '../../../shared/errors.ts'
import type {
  ChainReport,
  ReceiptDetail,
  ReceiptFilter,
  ReceiptGraph,
  ReceiptPage,
} from '../../../shared/model/receipt.ts'
import type { KeptKind, StorageProgress } from '../../../shared/model/storage.ts'
import type { CollectionStats } from '../collection/collect-catalog.ts'
import type { CallFacts, TokenFacts } from './token-receipt.ts'

/** What the control thread asks of the receipts' thread, and what it answers. All of it is plain data. */

export interface StoreThreadData {
  readonly catalog: string
}

/** A receipt that a program or an operation puts by itself. `args` is JSON text, so that 1 and 1.0 stay apart. */
export interface PlainDraft {
  readonly yool: string
  readonly args: string
  readonly status: string
  readonly startedAt: string
  readonly endedAt: string
  readonly error: string | null
  readonly parentId: string | null
  readonly files: readonly string[]
  readonly env: readonly (readonly [string, string])[]
  readonly cpuQuotaPct: number
  readonly bodies: readonly { readonly content: Uint8Array; readonly mime: string }[]
}

export type Puttable =
  | { readonly kind: 'token'; readonly facts: TokenFacts }
  | { readonly kind: 'plain'; readonly draft: PlainDraft }

export interface CollectRequest {
  readonly hotDays: number
  readonly warmDays: number
  readonly maxTotalMb: number
  readonly dryRun: boolean
  readonly nowMs: number
  readonly keepsLogs: boolean
}

/** A receipt that a collection would empty, or has emptied. */
export interface EmptiedReceipt {
  readonly id: string
  readonly yool: string
  readonly endedAt: number
  readonly phase: 'age' | 'size'
  readonly files: number
  readonly bytes: number
}

export interface CollectAnswer {
  readonly stats: CollectionStats
  /** The first ones, oldest first; `emptiedTotal` counts all. */
  readonly emptied: readonly EmptiedReceipt[]
  readonly emptiedTotal: number
}

/** The answer to a question whether a call has a good receipt. */
export interface CacheAnswer {
  readonly inputHash: string | null
  readonly hit: { readonly receipt: string; readonly value: unknown } | null
}

/** Requests by name: what goes there, and what comes back. */
export interface StoreRequests {
  put: { readonly input: readonly Puttable[]; readonly output: readonly (string | ErrorData)[] }
  answer: { readonly input: CallFacts; readonly output: CacheAnswer }
  query: {
    readonly input: { readonly filter: ReceiptFilter; readonly offset: number; readonly limit: number }
    readonly output: ReceiptPage
  }
  detail: { readonly input: string; readonly output: ReceiptDetail }
  graph: { readonly input: { readonly id: string; readonly limit: number }; readonly output: ReceiptGraph }
  verify: { readonly input: string; readonly output: ChainReport }
  ofToken: { readonly input: string; readonly output: string | null }
  body: {
    readonly input: { readonly id: string; readonly sha256: string }
    readonly output: { readonly content: Uint8Array; readonly mime: string; readonly path: string }
  }
  pin: {
    readonly input: {
      readonly ids: readonly string[]
      readonly pinned: boolean
      readonly actor: string
      readonly reason: string
    }
    readonly output: number
  }
  /** Tokens of pinned receipts, and those that called them. */
  pinnedTokens: { readonly input: null; readonly output: readonly string[] }
  inventory: {
    readonly input: { readonly nowMs: number; readonly keepsLogs: boolean }
    readonly output: readonly KeptKind[]
  }
  collect: { readonly input: CollectRequest; readonly output: CollectAnswer }
  freeBytes: { readonly input: null; readonly output: number }
  /** Of all files below a folder. */
  bytesBelow: { readonly input: string; readonly output: number }
}

export type StoreRequestName = keyof StoreRequests

export type ToStore =
  | {
      [Name in StoreRequestName]: {
        readonly type: 'ask'
        readonly request: number
        readonly name: Name
        readonly input: StoreRequests[Name]['input']
      }
    }[StoreRequestName]
  | { readonly type: 'cancel'; readonly request: number }
  | { readonly type: 'close' }

export type FromStore =
  | { readonly type: 'opened'; readonly receipts: number }
  | { readonly type: 'failed'; readonly error: ErrorData }
  | { readonly type: 'answer'; readonly request: number; readonly output: unknown }
  | { readonly type: 'refused'; readonly request: number; readonly error: ErrorData }
  | { readonly type: 'progress'; readonly request: number; readonly progress: StorageProgress }
  /** Something that nobody asked for and that a person should know. */
  | { readonly type: 'notice'; readonly text: string }
  | { readonly type: 'closed' }
