import { readFileSync } from 'node:fs'
import { parseJson } from '../../json/parse.ts'
import { printSpaced } from '../../json/print.ts'
import type { JsonObject, JsonValue } from '../../json/value.ts'
import { AppendFile, newline } from './append-file.ts'
import type { OpenData } from './index-head.ts'
import { StoreIndex } from './store-index.ts'
import type { StoreLock } from './store-lock.ts'
import { indexBatch, indexedBytes, type StoreOptions } from './store-options.ts'
import { withSystemErrors } from './system-error.ts'

/** Records that are only ever added. */
export interface LogStore {
  /** Runs `work` while nobody else adds a record. */
  exclusively<Result>(work: () => Result): Result
  /** How many lines there are now. */
  refresh(): number
  append(record: JsonObject): void
  readAll(): JsonValue[]
}

/** A log in a file of lines, counted once and then as it grows. */
export class LogFile implements LogStore {
  readonly path: string
  readonly #file: AppendFile
  readonly #options: StoreOptions
  readonly #index: StoreIndex | null
  #lines = 0
  #indexedLines = 0

  constructor(path: string, lock: StoreLock, options: StoreOptions) {
    this.path = path
    this.#options = options
    this.#index = options.indexFolder === null ? null : new StoreIndex(options.indexFolder, path)
    const reader = {
      restart: (data: OpenData) => this.#restart(data),
      lines: (bytes: Buffer) => this.#count(bytes),
      readAll: (data: OpenData) => this.#keepIndex(data),
    }
    this.#file = new AppendFile(path, reader, lock, options.durable)
  }

  /** The length of the file as of the last refresh. */
  get bytes(): number {
    return this.#file.bytes
  }

  /** True when the next record would be glued to an open last line. */
  get gluesNext(): boolean {
    return this.#file.openLine !== '' && !this.#options.endOpenLines
  }

  exclusively<Result>(work: () => Result): Result {
    return this.#file.exclusively(work)
  }

  refresh(): number {
    this.#file.refresh()
    return this.#lines + (this.#file.openLine === '' ? 0 : 1)
  }

  append(record: JsonObject): void {
    this.#file.append(this.lineOf(record))
  }

  /** What has to be added to the file for a record, without the newline behind it. */
  lineOf(record: JsonObject): string {
    const mends = this.#options.endOpenLines && this.#file.openLine !== ''
    return (mends ? '\n' : '') + printSpaced(record)
  }

  readAll(): JsonValue[] {
    this.#file.refresh()
    const text = withSystemErrors(this.path, () => readFileSync(this.path, 'utf8'))
    return text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map(parseJson)
  }

  #restart(data: OpenData): number {
    const head = this.#index?.open(data) ?? null
    this.#index?.close()
    this.#lines = head?.lines ?? 0
    this.#indexedLines = this.#lines
    return head?.size ?? 0
  }

  #count(bytes: Buffer): void {
    for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) this.#lines += 1
  }

  #keepIndex(data: OpenData): void {
    const { completeBytes } = this.#file
    if (this.#index === null || completeBytes < indexedBytes || this.#lines - this.#indexedLines < indexBatch) return
    this.#indexedLines = this.#lines
    try {
      this.#index.write(null, { size: completeBytes, lines: this.#lines, count: 0, entries: 0 }, data)
      this.#index.close()
    } catch {
      // An index is a convenience: where it cannot be kept, the lines are counted.
    }
  }
}
