import { rowsPerChunk } from './row-columns.ts'
import { TextChunk } from './text-chunk.ts'
import { noText, type TokenTexts } from './token-texts.ts'

/** Rows read before questions get their turn. */
const sliceRows = 500
/** What the texts may take of the memory; beyond it those of the oldest tokens are not found any more. Bytes. */
export const textMemory = 1 << 28

/**
 * Search for any part of arguments and errors, without regard to case. The texts lie in memory, as they do in the columns, and are
 * read in spare time: an index of them would cost more to write than all the rest of the journal.
 */
export class TextSearch {
  readonly #texts: Pick<TokenTexts, 'bytes' | 'read'>
  readonly #memoryLimit: number
  /** By number of the chunk of rows. */
  readonly #chunks = new Map<number, TextChunk>()
  /** How often each byte occurs. */
  readonly #occurrences = new Float64Array(256)
  readonly #encoder = new TextEncoder()
  #pending: number[] = []
  #next = 0
  #bytes = 0
  /** The newest chunk whose texts had to go; those of older ones are not read. */
  #forgotten = -1
  #working = false
  #closed = false

  /** `memoryLimit` in bytes. */
  constructor(texts: Pick<TokenTexts, 'bytes' | 'read'>, memoryLimit = textMemory) {
    this.#texts = texts
    this.#memoryLimit = memoryLimit
  }

  /** Rows whose texts will be read yet. */
  get pending(): number {
    return this.#pending.length - this.#next
  }

  /** Rows before this sequence are never searched, because newer texts fill the memory. */
  get firstSequence(): number {
    return (this.#forgotten + 1) * rowsPerChunk
  }

  /** Takes in `count` rows whose sequences stand in every `width`th number. */
  add(rows: ArrayLike<number>, count = rows.length, width = 1): void {
    for (let row = 0; row < count; row++) this.#pending.push(rows[row * width] ?? 0)
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
    // What was not on the disk yet may be there by now.
    this.#work()
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
      if (!this.#closed && this.#slice()) this.#work()
    })
  }

  /** False when the next text cannot be read yet. */
  #slice(): boolean {
    const until = Math.min(this.#next + sliceRows, this.#pending.length)
    for (; this.#next < until; this.#next++) if (!this.#read(this.#pending[this.#next] ?? 0)) return false
    if (this.#next === this.#pending.length) {
      this.#pending = []
      this.#next = 0
    }
    return true
  }

  /** False when it is not on the disk yet. */
  #read(sequence: number): boolean {
    const number = Math.floor(sequence / rowsPerChunk)
    if (number <= this.#forgotten) return true
    const length = this.#texts.read(sequence)
    if (length < 0) return length !== noText.notYet
    const { bytes } = this.#texts
    for (let at = 0; at < length; at++) {
      const byte = bytes[at] ?? 0
      this.#occurrences[byte] = (this.#occurrences[byte] ?? 0) + 1
    }
    const chunk = this.#chunks.get(number) ?? new TextChunk()
    this.#chunks.set(number, chunk)
    const before = chunk.bytes
    chunk.add(sequence % rowsPerChunk, bytes, length)
    this.#bytes += chunk.bytes - before
    if (this.#bytes > this.#memoryLimit) this.#forgetOldest()
    return true
  }

  #forgetOldest(): void {
    const oldest = Math.min(...this.#chunks.keys())
    this.removeChunk(oldest)
    this.#forgotten = oldest
  }
}
