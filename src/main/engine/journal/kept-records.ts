import type { Database, Statement } from 'better-sqlite3'
import type { TokenDetail } from '../../../shared/contract/tokens.ts'
import { ArgumentPlaces } from './argument-places.ts'
import { writeFlatText } from './flat-text.ts'
import { recordKinds } from './journal-record.ts'
import { RecordIndex } from './record-index.ts'
import { type AcceptedRecord, type EndedRecord, SegmentView } from './segment.ts'

/** Where a token is written: numbers of segments, 0 for one that was carried over. */
export interface RecordPlaces {
  readonly acceptedIn: number
  readonly endedIn: number
}

/** One ended token as the file has it. */
export interface StoredRecord {
  /** Of the run that accepted it, milliseconds. */
  readonly epochWall: number
  readonly tags: TokenDetail['tags']
  readonly accepted: AcceptedRecord
  readonly ended: EndedRecord
  /** Null when they were kept apart, and went with its end. */
  readonly arguments: Uint8Array | null
  readonly result: Uint8Array
  /** JSON; empty for nothing. */
  readonly detail: string
  /** When it ended. */
  readonly cores: number
  readonly workersPerCore: number
}

/** Neighbours are asked for one after the other: a few segments at hand answer nearly all questions. */
const segmentsAtHand = 8

interface SegmentRow {
  readonly run: number
  readonly count: number
  readonly cores: number
  readonly workers_per_core: number
  readonly records: Buffer
  readonly bytes: Buffer
}

/** Reads single tokens from the file. */
export class KeptRecords {
  readonly #database: Database
  readonly #atHand = new Map<number, Segment>()
  #latest: { readonly number: number; readonly segment: Segment } | null = null
  readonly #epochs = new Map<number, number>()
  /** By run and number. */
  readonly #tags = new Map<number, Map<number, TokenDetail['tags']>>()
  readonly #readSegment: Statement
  readonly #readCarried: Statement
  readonly #newestSegment: Statement

  constructor(database: Database) {
    this.#database = database
    this.#readSegment = database.prepare(
      'SELECT run, count, cores, workers_per_core, records, bytes FROM segments WHERE segment = ?',
    )
    this.#readCarried = database.prepare('SELECT run, record, bytes FROM carried WHERE sequence = ?')
    this.#newestSegment = database.prepare('SELECT max(segment) FROM segments').pluck()
  }

  /** Null when the file does not have it, or not yet. Throws what SQLite throws. */
  find(sequence: number, { acceptedIn, endedIn }: RecordPlaces): StoredRecord | null {
    const begin = this.#acceptance(sequence, acceptedIn)
    const last = this.#segment(endedIn)
    const ended = last?.endOf(sequence) ?? null
    if (begin === null || last === null || ended === null) return null
    const { run, accepted } = begin
    return {
      epochWall: this.#epochOf(run),
      tags: this.#tagsOf(run, accepted.operation),
      accepted,
      ended,
      arguments: accepted.at < 0 ? null : begin.bytes.subarray(accepted.at, accepted.at + accepted.length),
      result: last.bytes.subarray(ended.resultAt, ended.resultAt + ended.resultLength),
      detail: last.bytes.toString('utf8', ended.detailAt, ended.detailAt + ended.detailLength),
      cores: last.cores,
      workersPerCore: last.workersPerCore,
    }
  }

  /** The text of small plain arguments, as `writeFlatText` writes it; -1 when they are anything else, or not there. Throws what SQLite throws. */
  flatText(sequence: number, acceptedIn: number, target: Uint8Array): number {
    return this.#segment(acceptedIn)?.flatText(sequence, target) ?? -1
  }

  /** Whether the file has this segment or had it: a later one is there. */
  reaches(segment: number): boolean {
    return Number(this.#newestSegment.get() ?? 0) >= segment
  }

  #acceptance(sequence: number, segment: number): { run: number; accepted: AcceptedRecord; bytes: Buffer } | null {
    const held = segment === 0 ? null : this.#segment(segment)
    const accepted = held?.acceptanceOf(sequence) ?? null
    if (held !== null && accepted !== null) return { run: held.run, accepted, bytes: held.bytes }
    const row = this.#readCarried.get(sequence)
    if (row === undefined) return null
    const { run, record, bytes } = row as { run: number; record: Buffer; bytes: Buffer }
    return { run, accepted: new SegmentView(record, 1).accepted(0), bytes }
  }

  #segment(number: number): Segment | null {
    if (this.#latest?.number === number) return this.#latest.segment
    const segment = this.#atHandOrRead(number)
    this.#latest = segment === null ? null : { number, segment }
    return segment
  }

  #atHandOrRead(number: number): Segment | null {
    const known = this.#atHand.get(number)
    if (known !== undefined) {
      this.#atHand.delete(number)
      this.#atHand.set(number, known)
      return known
    }
    const row = this.#readSegment.get(number) as SegmentRow | undefined
    // It may come yet.
    if (row === undefined) return null
    const segment = new Segment(row)
    this.#atHand.set(number, segment)
    for (const oldest of this.#atHand.keys()) {
      if (this.#atHand.size <= segmentsAtHand) break
      this.#atHand.delete(oldest)
    }
    return segment
  }

  #epochOf(run: number): number {
    const known = this.#epochs.get(run)
    if (known !== undefined) return known
    const epoch = Number(this.#database.prepare('SELECT epoch_wall FROM runs WHERE run = ?').pluck().get(run) ?? 0)
    this.#epochs.set(run, epoch)
    return epoch
  }

  #tagsOf(run: number, operation: number): TokenDetail['tags'] {
    const known = this.#tags.get(run)?.get(operation)
    if (known !== undefined) return known
    const read = this.#database.prepare('SELECT tags FROM operations WHERE run = ? AND number = ?').pluck()
    const tags = JSON.parse(String(read.get(run, operation) ?? '{}')) as TokenDetail['tags']
    const ofRun = this.#tags.get(run) ?? new Map<number, TokenDetail['tags']>()
    this.#tags.set(run, ofRun.set(operation, tags))
    return tags
  }
}

class Segment {
  readonly run: number
  readonly cores: number
  readonly workersPerCore: number
  readonly bytes: Buffer
  readonly #row: SegmentRow
  #view: SegmentView | null = null
  #acceptances: RecordIndex | null = null
  #ends: RecordIndex | null = null
  #places: ArgumentPlaces | null = null

  constructor(row: SegmentRow) {
    this.#row = row
    this.run = row.run
    this.cores = row.cores
    this.workersPerCore = row.workers_per_core
    this.bytes = row.bytes
  }

  acceptanceOf(sequence: number): AcceptedRecord | null {
    const view = this.#records()
    this.#acceptances ??= new RecordIndex(view, recordKinds.accepted)
    const record = this.#acceptances.find(sequence)
    return record < 0 ? null : view.accepted(record)
  }

  endOf(sequence: number): EndedRecord | null {
    const view = this.#records()
    this.#ends ??= new RecordIndex(view, recordKinds.ended)
    const record = this.#ends.find(sequence)
    return record < 0 ? null : view.ended(record)
  }

  /** As `writeFlatText`, of the arguments of a token that was accepted here. */
  flatText(sequence: number, target: Uint8Array): number {
    this.#places ??= new ArgumentPlaces(this.#row)
    const place = this.#places.find(sequence)
    if (place < 0) return -1
    const length = this.#places.length(place)
    return length === 0 ? 0 : writeFlatText(this.bytes, this.#places.at(place), length, target)
  }

  #records(): SegmentView {
    this.#view ??= SegmentView.stored(this.#row)
    return this.#view
  }
}
