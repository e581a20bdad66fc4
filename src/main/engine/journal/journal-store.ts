import type { Database, Statement } from 'better-sqlite3'
import { stateNumbers } from '../scheduler/token-table.ts'
import { batchKinds, batchWidth, batchColumns as columns, valueFormats } from './journal-batch.ts'
import { keptArgumentBytes } from './journal-limits.ts'
import type { JournalBatch } from './journal-protocol.ts'

const firstFinal = stateNumbers.COMPLETED

/** Writes batches into an open journal; every method is one transaction or part of one. Throws what SQLite throws. */
export class JournalStore {
  readonly database: Database
  readonly run: number
  readonly #insert: Statement
  readonly #end: Statement
  readonly #again: Statement
  readonly #held: Statement
  readonly #operation: Statement
  readonly #audit: Statement
  readonly #setSetting: Statement
  readonly #dropSetting: Statement
  readonly #beginWrite: Statement
  readonly #commit: Statement
  /** Number of an operation in the journal, by its index in this run. */
  readonly #operations = new Map<number, number>()
  /** Rows of tokens that have ended. */
  rows: number

  constructor(database: Database, epochWall: number) {
    this.database = database
    this.run = Number(
      database.prepare('INSERT INTO runs (epoch_wall, pid) VALUES (?, ?)').run(epochWall, process.pid).lastInsertRowid,
    )
    this.rows = Number(database.prepare('SELECT count(*) FROM tokens WHERE state >= ?').pluck().get(firstFinal))
    this.#insert = database.prepare(`
      INSERT OR IGNORE INTO tokens (sequence, run, operation, created, weight, attempt, parent, timeout, queue_timeout, flags,
        format, arguments, state, core, slot, admitted, started, ended, result_format, result, detail)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
    this.#end = database.prepare(`
      UPDATE tokens SET state = ?, attempt = ?, core = ?, slot = ?, admitted = ?, started = ?, ended = ?,
        result_format = ?, result = ?, detail = ?,
        format = iif(length(arguments) > ${keptArgumentBytes}, ${valueFormats.preview}, format),
        arguments = iif(length(arguments) > ${keptArgumentBytes}, NULL, arguments)
      WHERE sequence = ?`)
    this.#again = database.prepare('UPDATE tokens SET attempt = ? WHERE sequence = ?')
    this.#held = database.prepare('UPDATE tokens SET flags = (flags & ~2) | ? WHERE sequence = ?')
    this.#operation = database.prepare(
      'INSERT INTO operations (name) VALUES (?) ON CONFLICT (name) DO UPDATE SET name = name RETURNING operation',
    )
    this.#audit = database.prepare('INSERT OR REPLACE INTO audit VALUES (?, ?, ?, ?, ?, ?, ?)')
    this.#setSetting = database.prepare('INSERT OR REPLACE INTO settings VALUES (?, ?)')
    this.#dropSetting = database.prepare('DELETE FROM settings WHERE name = ?')
    this.#beginWrite = database.prepare('BEGIN IMMEDIATE')
    this.#commit = database.prepare('COMMIT')
  }

  /** One transaction: all of the batch or nothing. */
  write(batch: JournalBatch): void {
    this.#beginWrite.run()
    const { rows } = this
    try {
      for (const [index, name] of batch.operations) {
        this.#operations.set(index, Number((this.#operation.get(name) as { operation: number }).operation))
      }
      this.#writeTokens(batch)
      for (const { id, at, actor, action, target, reason, outcome } of batch.audit) {
        this.#audit.run(id, at, actor, action, target, reason, outcome)
      }
      for (const [name, json] of batch.settings) {
        if (json === null) this.#dropSetting.run(name)
        else this.#setSetting.run(name, json)
      }
      this.#commit.run()
    } catch (error) {
      this.rows = rows
      if (this.database.inTransaction) this.database.exec('ROLLBACK')
      throw error
    }
  }

  #writeTokens({ count, numbers: numberBuffer, bytes: byteBuffer }: JournalBatch): void {
    const numbers = new Float64Array(numberBuffer)
    const bytes = Buffer.from(byteBuffer)
    const ends = endsOf(numbers, count)
    for (let at = 0; at < count * batchWidth; at += batchWidth) {
      const sequence = numbers[at + columns.sequence] ?? 0
      switch (numbers[at]) {
        case batchKinds.accepted:
          this.#accept(numbers, bytes, at, ends.get(sequence) ?? -1)
          ends.delete(sequence)
          break
        case batchKinds.again:
          this.#again.run(numbers[at + columns.attempt], sequence)
          break
        case batchKinds.held:
          this.#held.run(numbers[at + columns.subject] === 1 ? 2 : 0, sequence)
          break
      }
    }
    for (const [sequence, at] of ends) {
      const result = this.#end.run(...endValues(numbers, bytes, at), sequence)
      this.rows += result.changes
    }
  }

  /** `end` is the row of its end when that lies in the same batch, or -1. */
  #accept(numbers: Float64Array, bytes: Buffer, at: number, end: number): void {
    const operation = this.#operations.get(numbers[at + columns.subject] ?? -1)
    if (operation === undefined) throw new Error('a token came before the name of its operation')
    const length = numbers[at + columns.bytesLength] ?? 0
    const cut = end >= 0 && length > keptArgumentBytes
    const [state, attempt, core, slot, admitted, started, ended, resultFormat, result, detail] =
      end < 0
        ? [stateNumbers.WAITING, numbers[at + columns.attempt], null, null, null, null, null, null, null, null]
        : endValues(numbers, bytes, end)
    const { changes } = this.#insert.run(
      numbers[at + columns.sequence],
      this.run,
      operation,
      numbers[at + columns.created],
      numbers[at + columns.weight],
      attempt,
      numbers[at + columns.parent],
      numbers[at + columns.timeout],
      numbers[at + columns.queueTimeout],
      numbers[at + columns.flags],
      cut ? valueFormats.preview : numbers[at + columns.format],
      cut ? null : slice(bytes, numbers[at + columns.bytesAt] ?? 0, length),
      state,
      core,
      slot,
      admitted,
      started,
      ended,
      resultFormat,
      result,
      detail,
    )
    if (end >= 0) this.rows += changes
  }

  /** Removes ended tokens, those accepted first first, and never the newest: it tells which sequence comes next. Returns their sequences, at most `limit`. */
  prune(limit: number, olderThanWall: number): Float64Array {
    const removed = this.database
      .prepare(
        `DELETE FROM tokens WHERE sequence IN (
           SELECT sequence FROM tokens JOIN runs USING (run)
           WHERE state >= ${firstFinal} AND sequence < (SELECT max(sequence) FROM tokens) AND (? = 0 OR epoch_wall + created / 1000 < ?) ORDER BY sequence LIMIT ?)
         RETURNING sequence`,
      )
      .pluck()
      .all(olderThanWall, olderThanWall, limit) as number[]
    this.rows -= removed.length
    return Float64Array.from(removed).sort()
  }
}

/** Rows that tell an end, by token. A token ends once. */
function endsOf(numbers: Float64Array, count: number): Map<number, number> {
  const ends = new Map<number, number>()
  for (let at = 0; at < count * batchWidth; at += batchWidth) {
    if (numbers[at] === batchKinds.ended) ends.set(numbers[at + columns.sequence] ?? 0, at)
  }
  return ends
}

type EndValues = [
  state: number | undefined,
  attempt: number | undefined,
  core: number | null,
  slot: number | null,
  admitted: number | null,
  started: number | null,
  ended: number | null,
  resultFormat: number | undefined,
  result: Buffer | null,
  detail: string | null,
]

function endValues(numbers: Float64Array, bytes: Buffer, at: number): EndValues {
  const created = numbers[at + columns.created] ?? 0
  const since = (column: number) => {
    const instant = numbers[at + column] ?? 0
    return instant === 0 ? null : instant - created
  }
  const core = numbers[at + columns.core] ?? -1
  const slot = numbers[at + columns.slot] ?? -1
  const detailAt = numbers[at + columns.detailAt] ?? 0
  const detailLength = numbers[at + columns.detailLength] ?? 0
  return [
    numbers[at + columns.subject],
    numbers[at + columns.attempt],
    core < 0 ? null : core,
    slot < 0 ? null : slot,
    since(columns.admitted),
    since(columns.started),
    since(columns.ended),
    numbers[at + columns.format],
    slice(bytes, numbers[at + columns.bytesAt] ?? 0, numbers[at + columns.bytesLength] ?? 0),
    detailLength === 0 ? null : bytes.toString('utf8', detailAt, detailAt + detailLength),
  ]
}

function slice(bytes: Buffer, at: number, length: number): Buffer | null {
  return length === 0 ? null : bytes.subarray(at, at + length)
}
