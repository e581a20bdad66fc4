import type { Database, Statement } from 'better-sqlite3'
import type { JournalBatch } from './journal-protocol.ts'
import { recordKinds } from './journal-record.ts'
import { packRecords } from './packed-records.ts'
import { type Replayed, replay } from './replay.ts'
import { Retention, type RetentionLimits } from './retention.ts'
import { SegmentView } from './segment.ts'
import { SequenceSet } from './sequence-set.ts'

/** Writes batches into an open journal; every method is one transaction or part of one. Throws what SQLite throws. */
export class JournalStore {
  readonly database: Database
  readonly run: number
  /** What was there when it was opened. */
  readonly earlier: Replayed
  /** Tokens that have been accepted and have not ended. */
  readonly unfinished: SequenceSet
  /** Of these, those whose arguments are kept apart. */
  readonly #large: Set<number>
  readonly #retention: Retention
  readonly #segment: Statement
  readonly #addLarge: Statement
  readonly #dropLarge: Statement
  readonly #operation: Statement
  readonly #audit: Statement
  readonly #setSetting: Statement
  readonly #dropSetting: Statement
  readonly #beginWrite: Statement
  readonly #commit: Statement
  readonly #touch: Statement
  /** Whether SQLite waits for the disk at a commit. */
  #syncs = true
  /** Kept tokens that have ended. */
  rows: number
  lastSequence: number
  lastBatch: number

  constructor(database: Database, epochWall: number) {
    this.database = database
    this.earlier = replay(database)
    this.rows = this.earlier.ended
    this.lastSequence = this.earlier.lastSequence
    this.lastBatch = this.earlier.lastSegment
    this.unfinished = new SequenceSet(this.earlier.unfinished.keys())
    this.#large = new Set(database.prepare('SELECT sequence FROM large').pluck().all() as number[])
    this.#retention = new Retention(database)
    this.run = Number(
      database.prepare('INSERT INTO runs (epoch_wall, pid) VALUES (?, ?)').run(epochWall, process.pid).lastInsertRowid,
    )
    this.#segment = database.prepare('INSERT INTO segments VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
    this.#addLarge = database.prepare('INSERT OR REPLACE INTO large VALUES (?, ?)')
    this.#dropLarge = database.prepare('DELETE FROM large WHERE sequence = ?')
    this.#operation = database.prepare('INSERT OR REPLACE INTO operations VALUES (?, ?, ?, ?)')
    this.#audit = database.prepare('INSERT OR REPLACE INTO audit VALUES (?, ?, ?, ?, ?, ?, ?)')
    this.#setSetting = database.prepare('INSERT OR REPLACE INTO settings VALUES (?, ?)')
    this.#dropSetting = database.prepare('DELETE FROM settings WHERE name = ?')
    this.#beginWrite = database.prepare('BEGIN IMMEDIATE')
    this.#commit = database.prepare('COMMIT')
    this.#touch = database.prepare('INSERT OR REPLACE INTO counters VALUES (?, ?)')
  }

  /** One transaction: all of the batch or nothing. */
  write(batch: JournalBatch): void {
    const view = new SegmentView(new Uint8Array(batch.records), batch.count)
    if (batch.everything) this.#skipKnown(view)
    this.#setSync(batch.sync)
    this.#beginWrite.run()
    try {
      for (const { number, name, tags } of batch.operations) {
        this.#operation.run(this.run, number, name, JSON.stringify(tags))
      }
      if (batch.count > 0) this.#writeSegment(batch)
      // A commit of nothing would not reach the disk, and so would not take there what was committed before.
      else this.#touch.run('last synced batch', batch.number)
      this.#writeLarge(batch, view)
      for (const { id, at, actor, action, target, reason, outcome } of batch.audit) {
        this.#audit.run(id, at, actor, action, target, reason, outcome)
      }
      for (const [name, json] of batch.settings) {
        if (json === null) this.#dropSetting.run(name)
        else this.#setSetting.run(name, json)
      }
      this.#commit.run()
    } catch (error) {
      if (this.database.inTransaction) this.database.exec('ROLLBACK')
      throw error
    }
    this.#written(batch, view)
  }

  /** Removes the oldest segments, as long as there is too much or they are old; one transaction. Without `sync` it does not wait for the disk. */
  removeOld(limits: RetentionLimits, sync = true): { readonly removed: Float64Array; readonly more: boolean } {
    this.#setSync(sync)
    const { removed, more } = this.#retention.removeOld(this.unfinished, this.rows, this.lastSequence, limits)
    this.rows -= removed.length
    return { removed: Float64Array.from(removed).sort(), more }
  }

  /** Makes the file smaller when much of it is free. While as much comes as goes, what comes fills what is free: to move pages about would cost as much as writing them. */
  giveBackRoom(): void {
    const pages = (name: string) => Number(this.database.pragma(name, { simple: true }))
    if (pages('freelist_count') > pages('page_count') / 4) this.database.pragma('incremental_vacuum(2000)')
  }

  /** In a log of changes, a commit that waits for the disk takes there all that was committed before. */
  #setSync(sync: boolean): void {
    if (sync === this.#syncs) return
    this.database.exec(sync ? 'PRAGMA synchronous = FULL' : 'PRAGMA synchronous = NORMAL')
    this.#syncs = sync
  }

  #writeSegment({ number, count, cores, workersPerCore, records, bytes, used }: JournalBatch): void {
    this.#segment.run(
      number,
      this.run,
      Date.now(),
      count,
      cores,
      workersPerCore,
      packRecords(records, count),
      Buffer.from(bytes, 0, used),
    )
  }

  #writeLarge({ large }: JournalBatch, view: SegmentView): void {
    if (large.length + this.#large.size === 0) return
    for (const [sequence, bytes] of large) this.#addLarge.run(sequence, bytes)
    for (let index = 0; index < view.count; index++) {
      if (view.kind(index) === recordKinds.ended) this.#dropLarge.run(view.sequence(index))
    }
  }

  /** Once it is on the disk. */
  #written({ number, large }: JournalBatch, view: SegmentView): void {
    this.lastBatch = number
    for (const [sequence] of large) this.#large.add(sequence)
    for (let index = 0; index < view.count; index++) {
      const sequence = view.sequence(index)
      const kind = view.kind(index)
      if (kind === recordKinds.accepted) {
        this.unfinished.add(sequence)
        if (sequence > this.lastSequence) this.lastSequence = sequence
      } else if (kind === recordKinds.ended && this.unfinished.delete(sequence)) {
        this.rows += 1
        this.#large.delete(sequence)
      }
    }
  }

  /** Tokens are accepted in the order of their sequences: one up to the newest that is not unfinished has ended, and is here. */
  #skipKnown(view: SegmentView): void {
    for (let index = 0; index < view.count; index++) {
      const sequence = view.sequence(index)
      if (sequence > this.lastSequence) continue
      if (!this.unfinished.has(sequence)) view.setKind(index, recordKinds.skipped)
      else if (view.kind(index) === recordKinds.accepted) view.setKind(index, recordKinds.restated)
    }
  }
}
