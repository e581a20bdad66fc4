import type { Accepted, Ended } from './journal-batch.ts'
import {
  acceptedFlags,
  recordFields as fields,
  recordNumbers as numbers,
  recordDoubles,
  recordWords,
} from './journal-record.ts'
import { unpackRecords } from './packed-records.ts'
import { DamagedSegment } from './sqlite-error.ts'

export interface AcceptedRecord extends Accepted {
  readonly format: number
  /** Where its arguments are in the segment's bytes, or `keptApart`. */
  readonly at: number
  readonly length: number
}

export interface EndedRecord extends Ended {
  readonly resultFormat: number
  readonly resultAt: number
  readonly resultLength: number
  readonly detailAt: number
  readonly detailLength: number
}

/** Reads records where they lie. */
export class SegmentView {
  readonly count: number
  readonly doubles: Float64Array
  readonly words: Int32Array

  /** `count` records at the beginning of `records`. */
  constructor(records: Uint8Array, count: number) {
    this.count = count
    // What comes out of the file may lie anywhere; float64 must not.
    const aligned = records.byteOffset % 8 === 0 ? records : new Uint8Array(records)
    this.doubles = new Float64Array(aligned.buffer, aligned.byteOffset, count * recordDoubles)
    this.words = new Int32Array(aligned.buffer, aligned.byteOffset, count * recordWords)
  }

  /** Of the file, where records may be packed. Throws `DamagedSegment`. */
  static stored({ records, count }: { readonly records: Uint8Array; readonly count: number }): SegmentView {
    try {
      return new SegmentView(unpackRecords(records, count), count)
    } catch (error) {
      throw new DamagedSegment(error)
    }
  }

  sequence(record: number): number {
    return this.doubles[record * recordDoubles + numbers.sequence] ?? 0
  }

  kind(record: number): number {
    return this.#packed(record) & 255
  }

  setKind(record: number, kind: number): void {
    this.words[record * recordWords + fields.packed] = (this.#packed(record) & ~255) | kind
  }

  attempt(record: number): number {
    return this.#word(record, fields.attempt)
  }

  /** Of a record that tells whether the token is held. */
  held(record: number): boolean {
    return (this.#flags(record) & acceptedFlags.held) !== 0
  }

  /** Of an acceptance: how its arguments are carried, where in the segment's bytes they are, and how long. */
  argumentsFormat(record: number): number {
    return this.#packed(record) >>> 24
  }

  argumentsAt(record: number): number {
    return this.#word(record, fields.argumentsAt)
  }

  argumentsLength(record: number): number {
    return this.#word(record, fields.argumentsLength)
  }

  accepted(record: number): AcceptedRecord {
    const packed = this.#packed(record)
    return {
      sequence: this.sequence(record),
      attempt: this.attempt(record),
      operation: this.#word(record, fields.operation),
      created: this.#double(record, numbers.created),
      weight: (packed >> 8) & 255,
      parent: this.#double(record, numbers.parent),
      timeout: this.#double(record, numbers.timeout),
      queueTimeout: this.#double(record, numbers.queueTimeout),
      flags: this.#flags(record),
      format: this.argumentsFormat(record),
      at: this.argumentsAt(record),
      length: this.argumentsLength(record),
    }
  }

  ended(record: number): EndedRecord {
    const packed = this.#packed(record)
    const place = this.#word(record, fields.place)
    return {
      sequence: this.sequence(record),
      attempt: this.attempt(record),
      state: (packed >> 8) & 255,
      core: place & 0xffff,
      slot: place >>> 16,
      position: this.#word(record, fields.position),
      flags: this.#flags(record),
      admitted: this.#double(record, numbers.admitted),
      started: this.#double(record, numbers.started),
      ended: this.#double(record, numbers.ended),
      resultFormat: packed >>> 24,
      resultAt: this.#word(record, fields.resultAt),
      resultLength: this.#word(record, fields.resultLength),
      detailAt: this.#word(record, fields.detailAt),
      detailLength: this.#word(record, fields.detailLength),
    }
  }

  #flags(record: number): number {
    return (this.#packed(record) >> 16) & 255
  }

  #packed(record: number): number {
    return this.#word(record, fields.packed)
  }

  #word(record: number, field: number): number {
    return this.words[record * recordWords + field] ?? 0
  }

  #double(record: number, field: number): number {
    return this.doubles[record * recordDoubles + field] ?? 0
  }
}
