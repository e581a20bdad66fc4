import { rowsPerChunk } from './row-columns.ts'
import { type SharedBlock, TextBlock } from './text-block.ts'
import { TextChunk } from './text-chunk.ts'
import { noText, type TokenTexts } from './token-texts.ts'

/** Rows read before questions get their turn. */
const sliceRows = 500
/** What the texts may take of the memory; beyond it those of the oldest tokens are not found any more. Bytes. */
export const textMemory = 1 << 28

/**
 * Search for any part of arguments and errors, without regard to case. The texts lie in memory, as they do in the columns: an index of them
 * would cost more to write than all the rest of the journal. Most come from the writer in shared memory, the others are read in spare time.
 */
export class TextSearch {
  readonly #texts: Pick<TokenTexts, 'bytes' | 'read'>
  readonly #memoryLimit: number
  /** By number of the chunk of rows. */
  readonly #chunks = new Map<number, TextChunk>()
  /** Likewise, of the texts that the writer shares: mostly one each. */
  readonly #shared = new Map<number, TextBlock[]>()
  /** How often each byte occurs in the texts that were read. */
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

  /** Takes in texts that the writer shares. What it adds to them later is found too. */
  addShared({ number, memory }: SharedBlock): void {
    if (this.#closed || number <= this.#forgotten) return
    const blocks = this.#shared.get(number) ?? []
    blocks.push(new TextBlock(memory))
    this.#shared.set(number, blocks)
    this.#bytes += memory.byteLength
    this.#keepWithinLimit()
  }

  /** Whether the arguments of this token are among the texts that the writer shares. */
  isShared(sequence: number): boolean {
    const blocks = this.#shared.get(Math.floor(sequence / rowsPerChunk))
    if (blocks === undefined) return false
    const place = sequence % rowsPerChunk
    for (let index = blocks.length - 1; index >= 0; index--) if (blocks[index]?.has(place) === true) return true
    return false
  }

  /** Takes in rows whose texts have to be read, the most important first. */
  add(sequences: Iterable<number>): void {
    for (const sequence of sequences) this.#pending.push(sequence)
    this.#work()
  }

  /** Every row of this chunk has gone. */
  removeChunk(number: number): void {
    this.#bytes -= this.#chunks.get(number)?.bytes ?? 0
    for (const { memory } of this.#shared.get(number) ?? []) this.#bytes -= memory.byteLength
    this.#chunks.delete(number)
    this.#shared.delete(number)
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
    for (const [number, blocks] of this.#shared) {
      for (const block of blocks) {
        const marks = block.find(part, pivot, found.get(number) ?? null)
        if (marks !== null) found.set(number, marks)
      }
    }
    return found
  }

  close(): void {
    this.#closed = true
    this.#pending = []
    this.#next = 0
    this.#chunks.clear()
    this.#shared.clear()
  }

  #rarest(part: Uint8Array): number {
    const often = Float64Array.from(part, (byte) => this.#occurrences[byte] ?? 0)
    for (const blocks of this.#shared.values()) {
      for (const block of blocks) {
        for (const [index, byte] of part.entries()) often[index] = (often[index] ?? 0) + block.occurrences(byte)
      }
    }
    return often.indexOf(Math.min(...often))
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
    this.#keepWithinLimit()
    return true
  }

  #keepWithinLimit(): void {
    while (this.#bytes > this.#memoryLimit) {
      const oldest = Math.min(...this.#chunks.keys(), ...this.#shared.keys())
      this.removeChunk(oldest)
      this.#forgotten = oldest
    }
  }
}
