import { printSpaced } from '../../json/print.ts'
import type { JsonObject, JsonValue } from '../../json/value.ts'
import { AppendFile } from './append-file.ts'
import type { IndexHead, OpenData } from './index-head.ts'
import { addressText, IndexedRegistry, keyText } from './indexed-registry.ts'
import { DamagedIndex, PlaceTableBuilder } from './place-table.ts'
import { findRecord, RegistryLayer } from './registry-layer.ts'
import { indexKey, type RegistryRecord, readNumbered } from './registry-record.ts'
import { emptyRegistry, type RegistryView } from './registry-view.ts'
import { StoreIndex } from './store-index.ts'
import type { StoreLock } from './store-lock.ts'
import { indexBatch, indexedBytes, type StoreOptions } from './store-options.ts'

/** Records under unique keys, kept as lines of a file; the last line of a key wins, a tombstone removes it. */
export interface RegistryStore {
  /** Runs `work` while nobody else adds a record. */
  exclusively<Result>(work: () => Result): Result
  /** Reads what is new. Throws when a line is no record: nothing can be told about such a registry. */
  refresh(): void
  has(key: JsonValue): boolean
  /** The first record, in the order of the keys, that has this key or this address. */
  find(keyOrAddress: JsonValue): JsonObject | null
  readonly count: number
  append(record: JsonObject): void
}

type NewHead = Pick<IndexHead, 'size' | 'lines' | 'count'>
/** Texts by which a line is found, and its place. */
type IndexEntry = readonly [text: string, place: number]

/** A registry in a file. What is new in the file is kept in memory, what is old is looked up in the index of a long one. */
export class RegistryFile implements RegistryStore {
  readonly path: string
  readonly #file: AppendFile
  readonly #options: StoreOptions
  #index: StoreIndex | null
  #records = new RegistryLayer(emptyRegistry, 0)
  /** Of lines that the index does not have yet. */
  #unindexed: IndexEntry[] = []
  #unindexedLines = 0
  /** Why the registry cannot be used; the first broken line. */
  #broken: string | null = null
  #lines = 0
  /** What was behind the last newline when it was last taken for a line. */
  #openLine = ''

  constructor(path: string, lock: StoreLock, options: StoreOptions) {
    this.path = path
    this.#options = options
    this.#index = options.indexFolder === null ? null : new StoreIndex(options.indexFolder, path)
    const reader = {
      restart: (data: OpenData) => this.#restart(data),
      lines: (bytes: Buffer, start: number) => this.#takeLines(bytes, start),
      readAll: (data: OpenData) => this.#keepIndex(data),
    }
    this.#file = new AppendFile(path, reader, lock, options.durable)
  }

  get count(): number {
    return this.#records.count
  }

  /** The records as of the last refresh. */
  get view(): RegistryView {
    return this.#records
  }

  /** The length of the file as of the last refresh. */
  get bytes(): number {
    return this.#file.bytes
  }

  exclusively<Result>(work: () => Result): Result {
    return this.#file.exclusively(work)
  }

  refresh(): void {
    this.#file.refresh()
    const openLine = this.#file.openLine
    // An open last line counts as a line; once it is ended it comes again, and says the same.
    if (openLine !== this.#openLine && openLine !== '') this.#apply(openLine, this.#lines + 1)
    this.#openLine = openLine
    if (this.#broken !== null) throw new Error(this.#broken)
  }

  has(key: JsonValue): boolean {
    return this.#records.record(indexKey(key)) !== null
  }

  find(keyOrAddress: JsonValue): JsonObject | null {
    return findRecord(this.#records, indexKey(keyOrAddress))?.content() ?? null
  }

  append(record: JsonObject): void {
    this.#file.append(this.lineOf(record))
  }

  /** What has to be added to the file for a record, without the newline behind it. */
  lineOf(record: JsonObject): string {
    const mends = this.#options.endOpenLines && this.#file.openLine !== ''
    return (mends ? '\n' : '') + printSpaced(record)
  }

  #restart(data: OpenData): number {
    const index = this.#index
    const head = index?.open(data) ?? null
    const below = index !== null && head !== null ? new IndexedRegistry(this.path, index, head) : emptyRegistry
    const start = head?.size ?? 0
    this.#records = new RegistryLayer(below, start)
    this.#unindexed = []
    this.#unindexedLines = 0
    this.#broken = null
    this.#lines = head?.lines ?? 0
    this.#openLine = ''
    return start
  }

  #takeLines(bytes: Buffer, start: number): void {
    const lines = bytes.toString('utf8').split('\n')
    // Behind the last newline there is nothing.
    lines.pop()
    const ascii = lines.reduce((length, line) => length + line.length + 1, 0) === bytes.length
    let place = start
    for (const line of lines) {
      this.#lines += 1
      const record = this.#apply(line, this.#lines)
      if (this.#index !== null) this.#remember(record, place)
      place += (ascii ? line.length : Buffer.byteLength(line)) + 1
    }
  }

  #remember(record: RegistryRecord | null, place: number): void {
    this.#unindexedLines += 1
    if (record === null || record.key === null) return
    this.#unindexed.push([keyText(record.key), place])
    if (record.address !== null && !record.tombstone) this.#unindexed.push([addressText(record.address), place])
  }

  #apply(text: string, line: number): RegistryRecord | null {
    if (this.#broken !== null || text.trim() === '') return null
    try {
      const record = readNumbered(text, line, this.path)
      this.#records.apply(record)
      return record
    } catch (error) {
      this.#broken = error instanceof Error ? error.message : String(error)
      return null
    }
  }

  /** Lets the index take in what is new, once it is worth it. */
  #keepIndex(data: OpenData): void {
    const index = this.#index
    const { completeBytes, openLine } = this.#file
    if (index?.isDiscarded) this.#file.forget()
    if (index === null || index.isDiscarded || this.#broken !== null || openLine !== '' || this.#openLine !== '') return
    if (completeBytes < indexedBytes || this.#unindexedLines < indexBatch) return
    const head = { size: completeBytes, lines: this.#lines, count: this.#records.count }
    try {
      this.exclusively(() => (index.isOpen ? this.#extendIndex(index, head, data) : this.#makeIndex(index, head, data)))
    } catch (error) {
      // An index is a convenience: a damaged one is made anew, and where none can be kept, the registry is read without.
      if (error instanceof DamagedIndex) index.discard()
      else this.#index = null
      this.#file.forget()
    }
    this.#unindexed = []
    this.#unindexedLines = 0
  }

  #makeIndex(index: StoreIndex, head: NewHead, data: OpenData): void {
    const table = new PlaceTableBuilder(this.#unindexed.length)
    for (const [text, place] of this.#unindexed) table.add(text, place)
    index.write(table, { ...head, entries: this.#unindexed.length }, data)
    // From now on the old records are looked up; until then, those in memory do.
    this.#file.forget()
  }

  #extendIndex(index: StoreIndex, head: NewHead, data: OpenData): void {
    const latest = index.open(data)
    if (latest === null) {
      this.#file.forget()
      return
    }
    // Another process may have taken the same lines in meanwhile.
    const added = this.#unindexed.filter(([, place]) => place >= latest.size)
    if (latest.size < head.size) index.extend(added, head, data)
  }
}
