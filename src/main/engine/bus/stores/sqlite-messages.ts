import type { ErrorData } from '../../../../shared/errors.ts'
import type { Template } from '../../../../shared/model/bus.ts'
import type { LaneCount, Lease } from './tuple-store.ts'

/** What a SQLite store asks of its thread, and what that answers. All of it is plain data; tuples cross as their JSON text. */

export interface SqliteThreadData {
  /** The database file; made when missing. Several processes may use it at once. */
  readonly path: string
  readonly maxTuples: number
  /** How often to look whether another process has written while somebody waits, milliseconds. */
  readonly lookEveryMs: number
}

/** A tuple that is to be put. */
export interface PutRequest {
  readonly do: 'put'
  readonly id: string
  readonly lane: string | null
  readonly yool: string | null
  readonly body: string
}
/** `leaseMs` null: for good. */
export interface TakeRequest {
  readonly do: 'take'
  readonly template: Template
  readonly leaseMs: number | null
  readonly holder: string
}
export interface LeaseRequest extends Lease {
  readonly do: 'acknowledge'
}
/** `unused`: as if it had not been lent. */
export interface GiveBackRequest extends Lease {
  readonly do: 'giveBack'
  readonly unused: boolean
}

/** The tuple that was lent is gone, and another is there. */
export interface ReplaceRequest {
  readonly do: 'replace'
  readonly lease: Lease
  readonly put: PutRequest
}

export type SqliteRequest =
  | PutRequest
  | TakeRequest
  | LeaseRequest
  | GiveBackRequest
  | ReplaceRequest
  | { readonly do: 'read'; readonly template: Template }
  | { readonly do: 'renew'; readonly id: string; readonly holder: string; readonly leaseMs: number }
  | { readonly do: 'expire' }
  | { readonly do: 'discard'; readonly lane: string; readonly keep: number }
  | { readonly do: 'list'; readonly template: Template; readonly offset: number; readonly limit: number }
  /** Free tuples behind a position, oldest first, for predicates that cannot cross. */
  | { readonly do: 'free'; readonly template: Template; readonly after: number; readonly limit: number }
  | { readonly do: 'lanes' }

export interface SqliteAnswers {
  /** False: the id is there already. */
  put: boolean
  take: { readonly body: string; readonly deliveries: number } | null
  read: string | null
  acknowledge: boolean
  giveBack: boolean
  replace: boolean
  renew: boolean
  expire: number
  discard: number
  list: {
    readonly rows: readonly { readonly body: string; readonly leased: boolean; readonly deliveries: number }[]
    readonly matched: number
  }
  free: readonly { readonly position: number; readonly body: string }[]
  lanes: readonly LaneCount[]
}

export type SqliteOutcome = { readonly value: SqliteAnswers[keyof SqliteAnswers] } | { readonly error: ErrorData }

export type ToSqlite =
  | { readonly type: 'ask'; readonly requests: readonly SqliteRequest[] }
  /** Whether somebody waits, so that arrivals by other processes have to be told. */
  | { readonly type: 'watch'; readonly on: boolean }
  | { readonly type: 'limit'; readonly maxTuples: number }
  | { readonly type: 'close' }

export type FromSqlite =
  | { readonly type: 'opened' }
  | { readonly type: 'failed'; readonly error: ErrorData }
  /** One for each request, in the order in which they were asked, on the disk. */
  | { readonly type: 'answers'; readonly outcomes: readonly SqliteOutcome[] }
  | { readonly type: 'arrived' }
  | { readonly type: 'closed' }
