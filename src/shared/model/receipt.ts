/** Receipts as the contract and the engine's threads speak of them. Times are microseconds since 1970 UTC, 0 for unknown. */

/** One row of the list of receipts. */
export interface ReceiptSummary {
  readonly id: string
  readonly yool: string
  readonly status: string
  readonly inputHash: string
  readonly startedAt: number
  readonly endedAt: number
  readonly durationMs: number
  readonly parentId: string | null
  /** Id of the token that left it, if one did. */
  readonly token: string | null
  readonly bodies: number
  /** Size of its file, bytes. */
  readonly bytes: number
  /** ISO 8601; null while its bodies are kept. */
  readonly purgedAt: string | null
  readonly pinned: boolean
}

export interface ReceiptFilter {
  /** Found in the id, the name of the operation, or the token's id. */
  readonly text?: string | undefined
  readonly status?: string | undefined
  readonly yool?: string | undefined
  readonly token?: string | undefined
  readonly inputHash?: string | undefined
  /** Ended at or after, and before. */
  readonly since?: number | undefined
  readonly until?: number | undefined
  readonly purged?: boolean | undefined
  readonly pinned?: boolean | undefined
}

export interface ReceiptPage {
  readonly rows: readonly ReceiptSummary[]
  readonly matched: number
  readonly kept: number
}

export const bodyStates = ['kept', 'purged', 'missing', 'changed', 'outside'] as const
/** changed: its content does not hash to what the receipt says. outside: its path leads out of the catalog. */
export type BodyState = (typeof bodyStates)[number]

export interface ReceiptBody {
  readonly path: string
  readonly sha256: string
  readonly sizeBytes: number
  readonly mime: string
  readonly state: BodyState
}

/** One receipt with all that is known around it. */
export interface ReceiptDetail extends ReceiptSummary {
  /** Canonical JSON as in its file. */
  readonly text: string
  /** What went wrong, in its own words. */
  readonly error: string | null
  readonly artifacts: readonly ReceiptBody[]
  /** Receipts that name it as their parent, and those of tokens that its token has called. */
  readonly children: readonly string[]
}

export const linkKinds = ['parent', 'called', 'answered-from'] as const
export type LinkKind = (typeof linkKinds)[number]

/** Receipts around one, as a graph: `from` rests on or has called `to`. */
export interface ReceiptGraph {
  readonly nodes: readonly (ReceiptSummary & { readonly missing: boolean })[]
  readonly links: readonly { readonly from: string; readonly to: string; readonly kind: LinkKind }[]
  /** True when more receipts hang together with it than are shown. */
  readonly cut: boolean
}

/** What was found wrong with one link of a chain. */
export interface ChainProblem {
  readonly id: string
  readonly problem: string
}

/** Outcome of verifying a receipt, its bodies and every receipt it commits to, to the end. */
export interface ChainReport {
  readonly valid: boolean
  readonly receipts: number
  readonly bodies: number
  /** Bodies that a collection has removed: no fault, but they cannot be checked any more. */
  readonly purgedBodies: number
  readonly problems: readonly ChainProblem[]
}
