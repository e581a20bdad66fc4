import { deserialize, serialize } from 'node:v8'
import { PayloadReader, PayloadWriter } from '../workers/payload.ts'
import { keptArgumentBytes } from './journal-limits.ts'
import {
  acceptedFlags,
  recordFields as fields,
  keptApart,
  recordNumbers as numbers,
  packFields,
  recordBytes,
  recordDoubles,
  recordKinds,
  recordWords,
  valueFormats,
} from './journal-record.ts'

/** Larger values are tried with V8's serialisation only. */
const plainRoom = 8192
const firstRecords = 256
const firstBytes = 1 << 15
/** Buffers that have grown beyond this are not used again, bytes. */
const largestKept = 1 << 23

export interface Accepted {
  readonly sequence: number
  readonly attempt: number
  readonly operation: number
  readonly created: number
  readonly weight: number
  readonly parent: number
  readonly timeout: number
  readonly queueTimeout: number
  readonly flags: number
}

export interface Ended {
  readonly sequence: number
  readonly attempt: number
  readonly state: number
  /** Microseconds after its creation, NaN for "never". */
  readonly admitted: number
  readonly started: number
  readonly ended: number
  /** 0 when it never was placed. */
  readonly core: number
  readonly slot: number
  readonly position: number
  readonly flags: number
}

export interface TakenBuffers {
  readonly records: ArrayBuffer
  readonly bytes: ArrayBuffer
}

/** Records with the bytes they refer to, as they change hands between threads. */
export interface TakenBatch extends TakenBuffers {
  readonly count: number
  /** Bytes in use. */
  readonly used: number
  /** Arguments kept apart, by token. */
  readonly large: readonly (readonly [sequence: number, bytes: Uint8Array])[]
}

/** Packs records until they are taken; then it goes on with other buffers, those that were given back first. */
export class BatchWriter {
  count = 0
  #doubles = new Float64Array(firstRecords * recordDoubles)
  #words = new Int32Array(this.#doubles.buffer)
  #bytes = new Uint8Array(firstBytes)
  #used = 0
  #large: [number, Uint8Array][] = []
  #largeBytes = 0
  readonly #spare: TakenBuffers[] = []
  readonly #payload = new PayloadWriter()
  readonly #encoder = new TextEncoder()
  /** The value for the next record. */
  #format: number = valueFormats.none
  #at = 0
  #length = 0

  /** All that has gathered, bytes. */
  get bytes(): number {
    return this.#used + this.#largeBytes + this.count * recordBytes
  }

  /** Sets arguments or result of the next record. False for one of more than `limit` bytes, or that cannot be serialised: it is marked as unkept. */
  value(value: unknown, limit: number): boolean {
    const room = Math.min(limit, plainRoom)
    this.#room(room)
    try {
      const written = this.#payload.write(this.#bytes, this.#used, room, value)
      if (written >= 0) this.#took(valueFormats.plain, written)
      else this.encoded(valueFormats.cloned, withinLimit(serialize(value), limit))
      return true
    } catch {
      // Functions among it, a getter that throws, or too large: V8's serialisation has the last word.
      this.#took(valueFormats.unkept, 0)
      return false
    }
  }

  /** The same of a value that is bytes already. */
  encoded(format: number, bytes: Uint8Array): void {
    this.#room(bytes.length)
    this.#bytes.set(bytes, this.#used)
    this.#took(format, bytes.length)
  }

  accepted(token: Accepted): void {
    // Before the record is begun, which forgets the value.
    const format = this.#format
    if (this.#length > keptArgumentBytes) this.#setApart(token.sequence)
    const at = this.#at
    const length = this.#length
    const record = this.#begin(token.sequence)
    const doubles = record * recordDoubles
    const words = record * recordWords
    this.#doubles[doubles + numbers.created] = token.created
    this.#doubles[doubles + numbers.parent] = token.parent
    this.#doubles[doubles + numbers.timeout] = token.timeout
    this.#doubles[doubles + numbers.queueTimeout] = token.queueTimeout
    this.#words[words + fields.packed] = packFields(recordKinds.accepted, token.weight, token.flags, format)
    this.#words[words + fields.attempt] = token.attempt
    this.#words[words + fields.operation] = token.operation
    this.#words[words + fields.argumentsAt] = at
    this.#words[words + fields.argumentsLength] = length
  }

  again(sequence: number, attempt: number): void {
    const words = this.#begin(sequence) * recordWords
    this.#words[words + fields.packed] = recordKinds.again
    this.#words[words + fields.attempt] = attempt
  }

  held(sequence: number, held: boolean): void {
    const words = this.#begin(sequence) * recordWords
    this.#words[words + fields.packed] = packFields(recordKinds.held, 0, held ? acceptedFlags.held : 0, 0)
  }

  /** `detail`: what else is known of the end, as JSON; empty for nothing. */
  ended(token: Ended, detail: string): void {
    const format = this.#format
    const resultAt = this.#at
    const resultLength = this.#length
    if (detail !== '') this.encoded(valueFormats.none, this.#encoder.encode(detail))
    else this.#took(valueFormats.none, 0)
    const detailAt = this.#at
    const detailLength = this.#length
    const record = this.#begin(token.sequence)
    const doubles = record * recordDoubles
    const words = record * recordWords
    this.#doubles[doubles + numbers.admitted] = token.admitted
    this.#doubles[doubles + numbers.started] = token.started
    this.#doubles[doubles + numbers.ended] = token.ended
    this.#words[words + fields.position] = token.position
    this.#words[words + fields.packed] = packFields(recordKinds.ended, token.state, token.flags, format)
    this.#words[words + fields.attempt] = token.attempt
    this.#words[words + fields.place] = token.core | (token.slot << 16)
    this.#words[words + fields.resultAt] = resultAt
    this.#words[words + fields.resultLength] = resultLength
    this.#words[words + fields.detailAt] = detailAt
    this.#words[words + fields.detailLength] = detailLength
  }

  /** Hands the content over and starts anew. */
  take(): TakenBatch {
    const taken: TakenBatch = {
      count: this.count,
      records: this.#doubles.buffer,
      bytes: this.#bytes.buffer as ArrayBuffer,
      used: this.#used,
      large: this.#large,
    }
    const spare = this.#spare.pop()
    this.#doubles = new Float64Array(spare?.records ?? new ArrayBuffer(firstRecords * recordBytes))
    this.#words = new Int32Array(this.#doubles.buffer)
    this.#bytes = new Uint8Array(spare?.bytes ?? new ArrayBuffer(firstBytes))
    this.#large = []
    this.#largeBytes = 0
    this.count = 0
    this.#used = 0
    return taken
  }

  /** Takes buffers back that nobody reads any more: fresh ones cost their first touch. */
  giveBack(buffers: TakenBuffers): void {
    if (this.#spare.length < 2 && buffers.records.byteLength + buffers.bytes.byteLength <= largestKept) {
      this.#spare.push(buffers)
    }
  }

  /** Number of a new record. The value that was set is used up. */
  #begin(sequence: number): number {
    const record = this.count
    if ((record + 1) * recordDoubles > this.#doubles.length) this.#grow()
    this.count += 1
    this.#doubles[record * recordDoubles + numbers.sequence] = sequence
    this.#took(valueFormats.none, 0)
    return record
  }

  #grow(): void {
    const larger = new Float64Array(this.#doubles.length * 2)
    larger.set(this.#doubles)
    this.#doubles = larger
    this.#words = new Int32Array(larger.buffer)
  }

  #took(format: number, length: number): void {
    this.#format = format
    this.#at = this.#used
    this.#length = length
    this.#used += length
  }

  #setApart(sequence: number): void {
    const bytes = this.#bytes.slice(this.#at, this.#at + this.#length)
    this.#large.push([sequence, bytes])
    this.#largeBytes += bytes.length
    this.#used -= this.#length
    this.#at = keptApart
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
