import { markTexts } from './text-chunk.ts'

/** Rows of one chunk of the columns; as `rowsPerChunk`, which the writer's thread has no other use for. */
export const placesPerBlock = 4096

const countAt = 0
const headBytes = 8
const occurrencesAt = headBytes
const endsAt = occurrencesAt + 256 * 4
const placesAt = endsAt + placesPerBlock * 4
const marksAt = placesAt + placesPerBlock * 2
const bytesAt = marksAt + placesPerBlock

/** A block as it crosses between threads. */
export interface SharedBlock {
  /** Of the chunk of rows whose texts it holds. */
  readonly number: number
  readonly memory: SharedArrayBuffer
}

/**
 * Texts of neighbouring tokens in memory that two threads share: the writer adds, the reader finds at the same time what was there when it
 * looked. As in a `TextChunk` they lie one behind the other as lower-case UTF-8, but there is no more room than there was at first.
 */
export class TextBlock {
  readonly memory: SharedArrayBuffer
  readonly #head: Int32Array
  /** How often each byte occurs. */
  readonly #occurrences: Uint32Array
  readonly #ends: Uint32Array
  readonly #places: Uint16Array
  /** By place, 1 where a text is. */
  readonly #marks: Uint8Array
  readonly #bytes: Uint8Array

  static withRoom(bytes: number): TextBlock {
    return new TextBlock(new SharedArrayBuffer(bytesAt + bytes))
  }

  constructor(memory: SharedArrayBuffer) {
    this.memory = memory
    this.#head = new Int32Array(memory, 0, headBytes / 4)
    this.#occurrences = new Uint32Array(memory, occurrencesAt, 256)
    this.#ends = new Uint32Array(memory, endsAt, placesPerBlock)
    this.#places = new Uint16Array(memory, placesAt, placesPerBlock)
    this.#marks = new Uint8Array(memory, marksAt, placesPerBlock)
    this.#bytes = new Uint8Array(memory, bytesAt)
  }

  /** Bytes of the texts so far. */
  get used(): number {
    return this.#usedBy(this.#count())
  }

  /** Whether the text of this token is here. Of one that is being added just now it may be either. */
  has(place: number): boolean {
    return this.#marks[place] === 1
  }

  occurrences(byte: number): number {
    return this.#occurrences[byte] ?? 0
  }

  /** The first `length` bytes of `text`; one that is here already stays as it is. False when there is no room. */
  add(place: number, text: Uint8Array, length: number): boolean {
    if (this.#marks[place] === 1) return true
    const count = this.#count()
    const used = this.#usedBy(count)
    const bytes = this.#bytes
    if (used + length > bytes.length) return false
    for (let at = 0; at < length; at++) {
      const byte = text[at] ?? 0
      bytes[used + at] = byte
      this.#occurrences[byte] = (this.#occurrences[byte] ?? 0) + 1
    }
    this.#places[count] = place
    this.#ends[count] = used + length
    // Whoever sees the count sees what is counted.
    Atomics.store(this.#head, countAt, count + 1)
    this.#marks[place] = 1
    return true
  }

  /** As `TextChunk.find`, into `marks` when there are some already. */
  find(part: Uint8Array, pivot: number, marks: Uint8Array | null): Uint8Array | null {
    const texts = { bytes: this.#bytes, used: this.used, places: this.#places, ends: this.#ends }
    return markTexts(texts, part, pivot, placesPerBlock, marks)
  }

  #count(): number {
    return Atomics.load(this.#head, countAt)
  }

  #usedBy(count: number): number {
    return count === 0 ? 0 : (this.#ends[count - 1] ?? 0)
  }
}
