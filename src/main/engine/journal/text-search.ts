import { previewOf } from '../scheduler/preview.ts'
import { readValue } from './journal-batch.ts'
import type { StoredRecord } from './kept-records.ts'
import { rowsPerChunk } from './row-columns.ts'
import { TextChunk } from './text-chunk.ts'
import type { TokenRecordDetail } from './token-record.ts'

/** Characters of one token's text that can be found. */
const textLimit = 2000
/** Rows read before questions get their turn. */
const sliceRows = 200
/** What the texts may take of the memory; beyond it those of the oldest tokens are not found any more. Bytes. */
const memoryLimit = 1 << 28

/**
 * Search for any part of arguments and errors, without regard to case. The texts lie in memory, as they do in the columns, and are
 * read in spare time: an index of them would cost more to write than all the rest of the journal.
 */
export class TextSearch {
  readonly #source: (sequence: number) => StoredRecord | null
  readonly #memoryLimit: number
  /** By number of the chunk of rows. */
  readonly #chunks = new Map<number, TextChunk>()
  /** How often each byte occurs. */
  readonly #occurrences = new Float64Array(256)
  readonly #encoder = new TextEncoder()
  #pending: number[] = []
  #next = 0
  #bytes = 0
  /** Of chunks that had to go. */
  #forgotten = 0
  #working = false
  #closed = false

  /** `source`: the token's record, null when there is none. */
  constructor(source: (sequence: number) => StoredRecord | null, limit = memoryLimit) {
    this.#source = source
    this.#memoryLimit = limit
  }

  /** Rows that are not searched: not read yet, or not kept in memory. */
  get unsearched(): number {
    return this.#pending.length - this.#next + this.#forgotten
  }

  add(sequence: number): void {
    this.#pending.push(sequence)
    this.#work()
  }

  /** Takes in which rows there are, the most important first. */
  begin(sequences: Iterable<number>): void {
    for (const sequence of sequences) this.#pending.push(sequence)
    this.#work()
  }

  /** Every row of this chunk has gone. */
  removeChunk(number: number): void {
    const chunk = this.#chunks.get(number)
    if (chunk === undefined) return
    this.#bytes -= chunk.bytes
    this.#chunks.delete(number)
  }

  /** By chunk, 1 at the place of every row whose text contains `text`. */
  find(text: string): Map<number, Uint8Array> {
    const part = this.#encoder.encode(text.toLowerCase())
    const found = new Map<number, Uint8Array>()
    if (part.length === 0) return found
    const pivot = this.#rarest(part)
    for (const [number, chunk] of this.#chunks) {
      const marks = chunk.find(part, pivot, rowsPerChunk)
      if (marks !== null) found.set(number, marks)
    }
    return found
  }

  close(): void {
    this.#closed = true
    this.#pending = []
    this.#next = 0
    this.#chunks.clear()
  }

  #rarest(part: Uint8Array): number {
    const often = (index: number) => this.#occurrences[part[index] ?? 0] ?? 0
    let best = 0
    for (let index = 1; index < part.length; index++) if (often(index) < often(best)) best = index
    return best
  }

  #work(): void {
    if (this.#working || this.#next === this.#pending.length) return
    this.#working = true
    setImmediate(() => {
      this.#working = false
      if (this.#closed) return
      this.#slice()
      this.#work()
    })
  }

  #slice(): void {
    const until = Math.min(this.#next + sliceRows, this.#pending.length)
    for (; this.#next < until; this.#next++) this.#read(this.#pending[this.#next] ?? 0)
    if (this.#next < this.#pending.length) return
    this.#pending = []
    this.#next = 0
  }

  #read(sequence: number): void {
    const record = this.#source(sequence)
    // Removed meanwhile, or from a journal that was damaged: there is nothing to find.
    if (record === null) return
    const bytes = this.#encoder.encode(textOf(record).toLowerCase())
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0
      this.#occurrences[byte] = (this.#occurrences[byte] ?? 0) + 1
    }
    const number = Math.floor(sequence / rowsPerChunk)
    const chunk = this.#chunks.get(number) ?? new TextChunk()
    this.#chunks.set(number, chunk)
    const before = chunk.bytes
    chunk.add(sequence % rowsPerChunk, bytes)
    this.#bytes += chunk.bytes - before
    if (this.#bytes > this.#memoryLimit) this.#forgetOldest()
  }

  #forgetOldest(): void {
    const oldest = Math.min(...this.#chunks.keys())
    this.#forgotten += this.#chunks.get(oldest)?.count ?? 0
    this.removeChunk(oldest)
  }
}

function textOf({ accepted, arguments: bytes, detail }: StoredRecord): string {
  const known = detail === '' ? {} : (JSON.parse(detail) as TokenRecordDetail)
  const parts = [known.arguments?.text ?? argumentText(accepted.format, bytes)]
  if (known.error !== undefined) parts.push(known.error.message)
  return parts.join('\n').slice(0, textLimit)
}

/** The same text that a search over live tokens looks at. */
function argumentText(format: number, bytes: Uint8Array | null): string {
  const value = bytes === null ? undefined : readValue(format, bytes)?.value
  if (!Array.isArray(value) || value.length === 0) return ''
  return value.every((each) => typeof each === 'number' || typeof each === 'string')
    ? value.join(' ')
    : previewOf(value).text
}
