/** `context().receipts`: receipts as operations see them. */

/** What an operation says of a piece of work. Times are ISO 8601 with an offset. */
export interface ReceiptInput {
  /** Name of what was done, such as `agent.pr.create`. */
  readonly yool: string
  /** Plain data. JavaScript cannot tell 1 from 1.0: give `argsText` where that matters. */
  readonly args?: Readonly<Record<string, unknown>>
  /** JSON text of an object, instead of `args`. */
  readonly argsText?: string
  /** `ok` unless given; only those serve as cache. */
  readonly status?: string
  readonly startedAt: string
  readonly endedAt: string
  readonly error?: string
  /** Id of the receipt this work rests on. */
  readonly parentId?: string
  /** SHA-256 of files the work depends on. */
  readonly files?: readonly string[]
  /** Environment the work depends on. */
  readonly env?: Readonly<Record<string, string>>
  /** Files the work has left. */
  readonly bodies?: readonly { readonly content: Uint8Array | string; readonly mime?: string }[]
}

/** A receipt as it was read: the parsed text of its file, and what is known beside it. */
export interface ReceiptInfo {
  readonly id: string
  readonly yool: string
  readonly status: string
  readonly parentId: string | null
  readonly text: string
  readonly purgedAt: string | null
  readonly artifacts: readonly {
    readonly path: string
    readonly sha256: string
    readonly sizeBytes: number
    readonly mime: string
  }[]
}

export interface ReceiptContext {
  /** Puts a receipt; resolves with its id once it is on the disk. */
  put(receipt: ReceiptInput): Promise<string>
  /** Rejects with `not-found` for one that is not there. */
  get(id: string): Promise<ReceiptInfo>
  /** Ids of receipts with this name, newest first, at most 1000. */
  find(yool: string, limit?: number): Promise<readonly string[]>
  /** The content of an artifact, checked against its hash. */
  artifact(id: string, sha256: string): Promise<Uint8Array>
  /** Whether the receipt and everything it rests on is unchanged, with what is wrong. */
  verify(id: string): Promise<{
    readonly valid: boolean
    readonly problems: readonly { readonly id: string; readonly problem: string }[]
  }>
}
