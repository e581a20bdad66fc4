import type { Database, Statement } from 'better-sqlite3'
import { acceptedFlags, recordFields as fields, keptApart, recordBytes, recordKinds } from './journal-record.ts'
import { SegmentView } from './segment.ts'
import type { SequenceSet } from './sequence-set.ts'

interface OldestSegment {
  readonly segment: number
  readonly run: number
  readonly count: number
  readonly records: Buffer
  readonly bytes: Buffer
}

export interface RetentionLimits {
  readonly maxRows: number
  readonly maxBytes: number
  /** Wall clock, milliseconds: what was written before goes in any case. */
  readonly writtenBefore: number
  /** About so many rows at once. */
  readonly mostRows: number
}

/**
 * Removes what is old, a segment at a time. An end is always written after what it ends, so the oldest segment can go by itself: tokens
 * that were accepted in it and have not ended are carried over to a table of their own, and go with the segment of their end.
 */
export class Retention {
  readonly #database: Database
  readonly #oldest: Statement
  readonly #drop: Statement
  readonly #carry: Statement
  readonly #carried: Statement
  readonly #dropCarried: Statement
  readonly #count: Statement
  /** Tokens that are carried over, as the table has them: to ask it for each of the many that are not costs more than all the rest. Null when not known. */
  #known: Set<number> | null = null

  constructor(database: Database) {
    this.#database = database
    this.#oldest = database.prepare(
      `SELECT segment, run, count, records, bytes FROM segments
       WHERE segment = (SELECT min(segment) FROM segments) AND segment < (SELECT max(segment) FROM segments)
         AND written < ?`,
    )
    this.#drop = database.prepare('DELETE FROM segments WHERE segment = ?')
    this.#carry = database.prepare('INSERT OR REPLACE INTO carried VALUES (?, ?, ?, ?)')
    this.#carried = database.prepare('SELECT run, record, bytes FROM carried WHERE sequence = ?')
    this.#dropCarried = database.prepare('DELETE FROM carried WHERE sequence = ?')
    this.#count = database.prepare('INSERT OR REPLACE INTO counters VALUES (?, ?)')
  }

  /** One transaction. `rows`: tokens that have ended and are kept. `lastSequence` is kept, because it tells which comes next. */
  removeOld(
    unfinished: Pick<SequenceSet, 'has'>,
    rows: number,
    lastSequence: number,
    limits: RetentionLimits,
  ): { removed: number[]; more: boolean } {
    try {
      return this.#database.transaction(() => this.#removeOld(unfinished, rows, lastSequence, limits))()
    } catch (error) {
      // The table is as it was before.
      this.#known = null
      throw error
    }
  }

  #removeOld(
    unfinished: Pick<SequenceSet, 'has'>,
    rows: number,
    lastSequence: number,
    limits: RetentionLimits,
  ): { removed: number[]; more: boolean } {
    const removed: number[] = []
    for (let segments = 0; ; segments++) {
      const tooMuch = rows - removed.length > limits.maxRows || this.#bytes() > limits.maxBytes
      const oldest = this.#oldest.get(tooMuch ? Number.POSITIVE_INFINITY : limits.writtenBefore) as
        | OldestSegment
        | undefined
      if (oldest === undefined) return { removed, more: false }
      if (removed.length >= limits.mostRows || segments >= limits.mostRows) return { removed, more: true }
      for (const sequence of this.#take(oldest, unfinished)) removed.push(sequence)
      this.#drop.run(oldest.segment)
      this.#count.run('last sequence', lastSequence)
    }
  }

  get #carriedOver(): Set<number> {
    this.#known ??= new Set(this.#database.prepare('SELECT sequence FROM carried').pluck().all() as number[])
    return this.#known
  }

  #bytes(): number {
    const [pages, free] = [this.#number('page_count'), this.#number('freelist_count')]
    return (pages - free) * this.#number('page_size')
  }

  #number(pragma: string): number {
    return Number(this.#database.pragma(pragma, { simple: true }))
  }

  #take(oldest: OldestSegment, unfinished: Pick<SequenceSet, 'has'>): number[] {
    const { run, bytes } = oldest
    const view = SegmentView.stored(oldest)
    const removed: number[] = []
    for (let index = 0; index < view.count; index++) {
      const sequence = view.sequence(index)
      switch (view.kind(index)) {
        case recordKinds.accepted:
          if (unfinished.has(sequence)) this.#carryOver(view, index, run, bytes)
          else removed.push(sequence)
          break
        case recordKinds.ended:
          // Those accepted in this segment are among the removed already.
          if (this.#carriedOver.delete(sequence)) {
            this.#dropCarried.run(sequence)
            removed.push(sequence)
          }
          break
        case recordKinds.again:
          this.#change(sequence, view.attempt(index), null)
          break
        case recordKinds.held:
          this.#change(sequence, null, view.held(index))
          break
        case recordKinds.restated:
          this.#change(sequence, view.attempt(index), view.held(index))
      }
    }
    return removed
  }

  #carryOver(view: SegmentView, index: number, run: number, bytes: Buffer): void {
    const { sequence, at, length } = view.accepted(index)
    const { buffer, byteOffset } = view.words
    const record = Buffer.from(buffer as ArrayBuffer, byteOffset + index * recordBytes, recordBytes)
    const own = Buffer.from(record)
    if (at !== keptApart) own.writeInt32LE(0, fields.argumentsAt * 4)
    this.#carry.run(sequence, run, own, at === keptApart ? Buffer.alloc(0) : bytes.subarray(at, at + length))
    this.#carriedOver.add(sequence)
  }

  #change(sequence: number, attempt: number | null, held: boolean | null): void {
    if (!this.#carriedOver.has(sequence)) return
    const row = this.#carried.get(sequence) as { run: number; record: Buffer; bytes: Buffer } | undefined
    if (row === undefined) return
    const { record } = row
    if (attempt !== null) record.writeInt32LE(attempt, fields.attempt * 4)
    const flagsAt = fields.packed * 4 + 2
    const rest = (record[flagsAt] ?? 0) & ~acceptedFlags.held
    if (held !== null) record[flagsAt] = held ? rest | acceptedFlags.held : rest
    this.#carry.run(sequence, row.run, record, row.bytes)
  }
}
