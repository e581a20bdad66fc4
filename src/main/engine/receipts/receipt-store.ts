import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { GuardhouseError, toErrorData } from '../../../shared/errors.ts'
import type { ReceiptDetail, ReceiptFilter, ReceiptPage, ReceiptSummary } from '../../../shared/model/receipt.ts'
import { isArray, isObject, type JsonObject, textAt } from '../json/value.ts'
import { BodyFiles } from './body-files.ts'
import { insideCatalog } from './catalog-path.ts'
import { writeWhole } from './durable-file.ts'
import { readInstant } from './instant.ts'
import { PinList } from './pin-list.ts'
import { PurgeRecord } from './purge-record.ts'
import { artifactsOf, type Receipt, requireReceiptId } from './receipt.ts'
import { ReceiptFiles } from './receipt-files.ts'
import { type IndexRow, type NewRow, ReceiptIndex } from './receipt-index.ts'

/** Files synced in one go. Marking so many in the index keeps its thread for some tens of milliseconds. */
const settledAtOnce = 2048
const childrenShown = 1000
/** The original's index is written for other programs only while it is of a size that they can bear. */
const sharedIndexMax = 100_000

/**
 * The receipts of one catalog: files in the original's layout, and an index. A put is durable when it returns: the index keeps
 * the text until `settle` has the file on the disk. Receipts never change; what is purged or pinned stands beside them.
 * Synchronous, for a thread of its own. Several processes may open the same catalog.
 */
export class ReceiptStore implements Disposable {
  readonly catalog: string
  readonly bodies: BodyFiles
  readonly pins: PinList
  readonly #files: ReceiptFiles
  readonly #index: ReceiptIndex
  readonly #purges: PurgeRecord
  #changed = false
  /** Time of the folder of receipts when it was last taken in. */
  #takenInAt = Number.NaN
  /** Bodies of receipts put while a collection runs, which was planned without them. */
  #neededNow: Set<string> | null = null

  /** Makes the catalog when it is missing, finishes what a crash left, and takes in receipts that others have put. */
  constructor(catalog: string) {
    mkdirSync(catalog, { recursive: true })
    this.catalog = catalog
    this.#files = new ReceiptFiles(catalog)
    this.bodies = new BodyFiles(catalog)
    this.pins = new PinList(catalog)
    this.#purges = new PurgeRecord(catalog)
    this.#index = ReceiptIndex.open(catalog)
    this.#writePending()
    this.takeIn()
  }

  get count(): number {
    return this.#index.count
  }

  get index(): ReceiptIndex {
    return this.#index
  }

  /** Durable when it returns, all or none. Receipts that are there already are left as they are. */
  put(receipts: readonly Receipt[]): void {
    this.#index.transaction(() => {
      for (const receipt of receipts) this.insert(receipt)
    })
    for (const { id, text } of receipts) this.writeFile(id, text)
  }

  /** For use inside a transaction of the index; `writeFile` follows after it. */
  insert(receipt: Receipt): void {
    const row = rowOf(receipt, receipt.text)
    this.#changed = true
    this.#index.insert(row)
    if (this.#neededNow !== null) for (const path of JSON.parse(row.bodies)) this.#neededNow.add(path)
  }

  /** A file that cannot be written now is written by `settle` later: the index has its text. */
  writeFile(id: string, text: string): boolean {
    try {
      this.#files.write(id, text)
      return true
    } catch {
      // A full disk, most likely. Nothing is lost; `settle` reports it.
      return false
    }
  }

  /** Gets some files safely to the disk. Resolves to true while there are more. Rejects when the disk refuses. */
  async settle(): Promise<boolean> {
    const rows = this.#index.pending(settledAtOnce)
    if (rows.length === 0) return false
    const ids = rows.map((row) => row.id)
    try {
      this.#writeMissing(ids)
      await this.#files.sync(ids)
    } catch {
      // Taken away in between.
      this.#writeMissing(ids)
      await this.#files.sync(ids)
    }
    this.#index.settle(rows)
    return rows.length === settledAtOnce
  }

  /** Throws `bad-request` for what is no id, `not-found`, `conflict` for one whose file was changed. */
  get(id: string): Receipt {
    requireReceiptId(id)
    const receipt = this.read(id)
    if (receipt !== null) return receipt
    throw notFound(id)
  }

  /** Throws as `get`, but not for a file that is damaged. */
  requireKnown(id: string): void {
    requireReceiptId(id)
    if (this.#index.get(id) === undefined && !this.#files.isThere(id)) throw notFound(id)
  }

  /** Null when there is none. Throws as `get` for a file that is damaged. */
  read(id: string): Receipt | null {
    return this.#files.read(id) ?? this.#fromIndex(id)
  }

  /** The newest good receipt of an input whose file can be read. Damaged files are put aside, and are no answer. */
  goodOf(inputHash: string): Receipt | null {
    for (const row of this.#index.goodOf(inputHash)) {
      try {
        const receipt = this.read(row.id)
        if (receipt !== null) return receipt
        this.#index.remove(row.id)
      } catch (error) {
        // One that cannot be read now may be whole; only what holds no receipt is put aside.
        if (toErrorData(error).kind !== 'conflict') continue
        this.#files.quarantine(row.id)
        this.#index.remove(row.id)
      }
    }
    return null
  }

  ofToken(token: string): string | null {
    return this.#index.ofToken(token)?.id ?? null
  }

  /** Ids of the tokens of pinned receipts, and of those that called them. */
  pinnedTokens(): string[] {
    const rows = this.pins.ids().map((id) => this.#index.get(id))
    return rows.flatMap((row) => [row?.token, row?.parent_token]).filter((token) => token != null)
  }

  query(filter: ReceiptFilter, offset: number, limit: number): ReceiptPage {
    this.#purges.refresh()
    const among: string[][] = []
    const without: string[][] = []
    if (filter.pinned !== undefined) (filter.pinned ? among : without).push(this.pins.ids())
    if (filter.purged !== undefined) (filter.purged ? among : without).push(this.#purges.ids())
    const [first, second] = among
    const both =
      first === undefined || second === undefined ? (first ?? null) : first.filter((id) => second.includes(id))
    const { rows, matched } = this.#index.query(filter, offset, limit, {
      among: both,
      without: without.length === 0 ? null : without.flat(),
    })
    return { rows: rows.map((row) => this.#summary(row)), matched, kept: this.count }
  }

  summary(id: string): ReceiptSummary | null {
    this.#purges.refresh()
    const row = this.#index.get(id)
    return row === undefined ? null : this.#summary(row)
  }

  detail(id: string): ReceiptDetail {
    this.#purges.refresh()
    const receipt = this.get(id)
    const row = this.#index.get(id) ?? { ...rowOf(receipt, null), seq: 0 }
    const summary = this.#summary(row)
    const purged = summary.purgedAt !== null
    const artifacts = artifactsOf(receipt.fields).map((artifact) => ({
      ...artifact,
      state: this.bodies.stateOf(artifact, purged, false),
    }))
    const error = textAt(receipt.fields, 'error')
    return { ...summary, text: receipt.text, error, artifacts, children: this.childrenOf(receipt) }
  }

  /** The receipt of the token that called the token of this one. */
  callerOf(id: string): string | null {
    const token = this.#index.get(id)?.parent_token
    return token == null ? null : this.ofToken(token)
  }

  /** Receipts that name it as their parent, and those of tokens its token has called. */
  childrenOf({ id, fields }: Receipt): string[] {
    return [...new Set([...this.#index.idsByParent(id, childrenShown), ...calledBy(fields)])]
  }

  isPurged(id: string): boolean {
    this.#purges.refresh()
    return this.#purges.has(`${id}.json`)
  }

  /** Runs a collection: bodies of receipts that are put meanwhile are `isNeeded`. One at a time. Throws `conflict`. */
  async whileCollecting<Result>(collect: (isNeeded: (path: string) => boolean) => Promise<Result>): Promise<Result> {
    if (this.#neededNow !== null) throw new GuardhouseError('conflict', 'a collection is running already')
    const needed = new Set<string>()
    this.#neededNow = needed
    try {
      this.takeIn()
      return await collect((path) => needed.has(path))
    } finally {
      this.#neededNow = null
    }
  }

  /** Takes receipts into the index that others have put as files, and forgets those whose files are gone. Returns how many changed. */
  takeIn(): number {
    const seen = this.#files.modifiedMs
    // Within two seconds of a change its time may not tell of a further one.
    if (seen === this.#takenInAt && Date.now() - seen > 2000) return 0
    this.#takenInAt = seen
    const known = this.#index.ids()
    const present = new Set(this.#files.ids())
    const added = [...present].filter((id) => !known.has(id))
    const gone = [...known].filter((id) => !present.has(id) && this.#index.get(id)?.pending == null)
    this.#index.transaction(() => {
      for (const id of added) this.#takeInOne(id)
      for (const id of gone) this.#index.remove(id)
    })
    return added.length + gone.length
  }

  [Symbol.dispose](): void {
    if (this.#changed && this.count <= sharedIndexMax) this.#writeSharedIndex()
    this.#index[Symbol.dispose]()
  }

  #fromIndex(id: string): Receipt | null {
    const text = this.#index.get(id)?.pending
    if (text == null) return null
    this.#files.write(id, text)
    return this.#files.read(id)
  }

  /** After a crash: a file that is there may be without its content. */
  #writePending(): void {
    for (const { id } of this.#index.pending(Number.MAX_SAFE_INTEGER)) this.#writePendingOne(id)
  }

  #writeMissing(ids: readonly string[]): void {
    for (const id of ids) if (!this.#files.isThere(id)) this.#writePendingOne(id)
  }

  #writePendingOne(id: string): void {
    const text = this.#index.get(id)?.pending
    if (text != null) this.#files.write(id, text)
  }

  #takeInOne(id: string): void {
    try {
      const receipt = this.#files.read(id)
      if (receipt !== null) this.#index.insert(rowOf(receipt, null))
    } catch {
      // Not a receipt, or a changed one. Left where it is: whoever asks for it by its id is told.
    }
  }

  /** `receipts.index.json`, for the original and whoever reads its layout: input hash -> id of the newest good receipt. */
  #writeSharedIndex(): void {
    const newest = new Map<string, IndexRow>()
    for (const row of this.#index.all()) {
      const known = newest.get(row.input_hash)
      if (row.status === 'ok' && (known === undefined || row.ended >= known.ended)) newest.set(row.input_hash, row)
    }
    const entries = [...newest].map(([inputHash, { id }]) => [inputHash, id] as const)
    const sorted = entries.sort(([left], [right]) => (left < right ? -1 : 1))
    writeWhole(join(this.catalog, 'receipts.index.json'), JSON.stringify(Object.fromEntries(sorted)), true)
  }

  #summary(row: IndexRow): ReceiptSummary {
    const purge = this.#purges.get(`${row.id}.json`)
    return {
      id: row.id,
      yool: row.yool,
      status: row.status,
      inputHash: row.input_hash,
      startedAt: row.started,
      endedAt: row.ended,
      durationMs: row.duration,
      parentId: row.parent,
      token: row.token,
      bodies: row.body_count,
      bytes: row.bytes,
      purgedAt: purge?.at ?? (row.marked === 1 ? 'before' : null),
      pinned: this.pins.has(row.id),
    }
  }
}

/** Receipts of the tokens that the token of this one has called. */
export function calledBy(fields: JsonObject): string[] {
  const run = fields.get('run')
  const children = isObject(run) ? run.get('children') : undefined
  return isArray(children) ? children.filter((id) => typeof id === 'string') : []
}

/** The receipt from which this one was answered, or null. */
export function answeredFrom(fields: JsonObject): string | null {
  const run = fields.get('run')
  return isObject(run) ? textAt(run, 'answered_from') : null
}

function rowOf({ id, inputHash, fields, text }: Receipt, pending: string | null): NewRow {
  const run = fields.get('run')
  const paths = artifactsOf(fields).map((artifact) => insideCatalog(artifact.path))
  const bodies = [...new Set(paths.filter((path) => path !== null))]
  const textOf = (name: string) => textAt(fields, name) ?? ''
  return {
    id,
    input_hash: inputHash,
    yool: textOf('yool'),
    status: textOf('status'),
    started: readInstant(textOf('started_at')) ?? 0,
    ended: readInstant(textOf('ended_at')) ?? 0,
    duration: Number(fields.get('duration_ms') ?? 0),
    parent: textAt(fields, 'parent_id'),
    token: isObject(run) ? textAt(run, 'token') : null,
    parent_token: isObject(run) ? textAt(run, 'parent_token') : null,
    bodies: JSON.stringify(bodies),
    body_count: paths.length,
    refused: paths.length - paths.filter((path) => path !== null).length,
    marked: fields.get('artifacts_purged_at') === null ? 0 : 1,
    bytes: Buffer.byteLength(text),
    pending,
  }
}

function notFound(id: string): GuardhouseError {
  return new GuardhouseError('not-found', `there is no receipt ${id}`, {
    hint: 'Search for it by operation or token; an id is all 64 digits.',
  })
}

/** A sentence on why a receipt cannot be trusted. */
export function problemOf(error: unknown): string {
  return toErrorData(error).message
}
