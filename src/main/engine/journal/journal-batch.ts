import { deserialize, serialize } from 'node:v8'
import { PayloadReader, PayloadWriter } from '../workers/payload.ts'

/**
 * What happened, on its way from the control thread to the journal's: numbers in rows of fixed width and bytes beside them, in two
 * ArrayBuffers that change hands without being copied.
 */
export const batchKinds = { accepted: 0, again: 1, held: 2, ended: 3 } as const

/** Columns of a row; which ones count depends on its kind. */
export const batchColumns = {
  kind: 0,
  sequence: 1,
  attempt: 2,
  /** accepted: index of the operation. ended: number of the state. held: 1 or 0. */
  subject: 3,
  /** Engine microseconds; 0 for "not yet". */
  created: 4,
  admitted: 5,
  started: 6,
  ended: 7,
  /** accepted: weight, parent, timeouts (ms) and flags. ended: core and slot, -1 for none. */
  weight: 8,
  core: 8,
  parent: 9,
  slot: 9,
  timeout: 10,
  queueTimeout: 11,
  flags: 12,
  /** Arguments, or the result: how they are written, where in the bytes, and how many. */
  format: 13,
  bytesAt: 14,
  bytesLength: 15,
  /** What else is known of an end, as JSON in the bytes. */
  detailAt: 16,
  detailLength: 17,
} as const
export const batchWidth = 18

export const rowFlags = { idempotent: 1, held: 2 } as const

/** How bytes carry a value. */
export const valueFormats = {
  /** None at all. */
  none: 0,
  /** The compact encoding of the mailboxes. */
  plain: 1,
  /** V8's own serialisation. */
  cloned: 2,
  /** It could not be kept: not serialisable, or beyond the limit. */
  unkept: 3,
  /** Large, and only its preview in the detail is kept since the token ended. */
  preview: 4,
} as const

/** Room that is made before it is needed, rows and bytes. */
const mostRowsAhead = 1 << 15
const mostBytesAhead = 1 << 21

/** Larger values are tried with V8's serialisation only. */
const plainRoom = 8192

/** Packs rows until they are taken; then it goes on with fresh buffers. */
export class BatchWriter {
  count = 0
  #numbers = new Float64Array(batchWidth * 256)
  #bytes = new Uint8Array(1 << 15)
  #used = 0
  readonly #payload = new PayloadWriter()
  readonly #encoder = new TextEncoder()

  get bytes(): number {
    return this.#used + this.count * batchWidth * 8
  }

  /** Begins a row and returns the position of its first column in `numbers`. */
  add(kind: number, sequence: number): number {
    const at = this.count * batchWidth
    if (at === this.#numbers.length) {
      const larger = new Float64Array(this.#numbers.length * 2)
      larger.set(this.#numbers)
      this.#numbers = larger
    }
    this.count += 1
    // Every other column is 0: buffers are fresh and never used twice.
    this.#numbers[at] = kind
    this.#numbers[at + batchColumns.sequence] = sequence
    return at
  }

  set(at: number, column: number, value: number): void {
    this.#numbers[at + column] = value
  }

  /** Adds a value to the row at `at`. False for one of more than `limit` bytes, or that cannot be serialised: it is marked as unkept. */
  value(at: number, value: unknown, limit: number): boolean {
    const room = Math.min(limit, plainRoom)
    this.#room(room)
    try {
      const written = this.#payload.write(this.#bytes, this.#used, room, value)
      if (written >= 0) this.#took(at, valueFormats.plain, written)
      else this.#copy(at, valueFormats.cloned, withinLimit(serialize(value), limit))
      return true
    } catch {
      // Functions among it, a getter that throws, or too large: V8's serialisation has the last word.
      this.set(at, batchColumns.format, valueFormats.unkept)
      return false
    }
  }

  detail(at: number, json: string): void {
    const bytes = this.#encoder.encode(json)
    this.#room(bytes.length)
    this.#bytes.set(bytes, this.#used)
    this.#numbers[at + batchColumns.detailAt] = this.#used
    this.#numbers[at + batchColumns.detailLength] = bytes.length
    this.#used += bytes.length
  }

  /** Hands the content over and starts anew. */
  take(): { count: number; numbers: ArrayBuffer; bytes: ArrayBuffer } {
    const taken = { count: this.count, numbers: this.#numbers.buffer, bytes: this.#bytes.buffer as ArrayBuffer }
    // As large as this one was in use: growing means copying.
    this.#numbers = new Float64Array(batchWidth * Math.min(mostRowsAhead, Math.max(256, this.count)))
    this.#bytes = new Uint8Array(Math.min(mostBytesAhead, Math.max(1 << 15, this.#used)))
    this.count = 0
    this.#used = 0
    return taken
  }

  #copy(at: number, format: number, bytes: Uint8Array): void {
    this.#room(bytes.length)
    this.#bytes.set(bytes, this.#used)
    this.#took(at, format, bytes.length)
  }

  #took(at: number, format: number, length: number): void {
    this.#numbers[at + batchColumns.bytesAt] = this.#used
    this.#numbers[at + batchColumns.bytesLength] = length
    this.#numbers[at + batchColumns.format] = format
    this.#used += length
  }

  #room(bytes: number): void {
    if (this.#used + bytes <= this.#bytes.length) return
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#used + bytes))
    larger.set(this.#bytes.subarray(0, this.#used))
    this.#bytes = larger
  }
}

function withinLimit(bytes: Uint8Array, limit: number): Uint8Array {
  if (bytes.length > limit) throw new RangeError(`${bytes.length} bytes are more than ${limit}`)
  return bytes
}

const reader = new PayloadReader()

/** The value that bytes of the journal carry; null when it was not kept. Throws when they are damaged. */
export function readValue(format: number, bytes: Uint8Array): { readonly value: unknown } | null {
  if (format === valueFormats.none) return { value: undefined }
  if (format === valueFormats.plain) return { value: reader.read(bytes, 0) }
  if (format === valueFormats.cloned) return { value: deserialize(bytes) as unknown }
  return null
}
