import type Database from 'better-sqlite3'
import type { Matcher } from '../matcher.ts'
import { keyOf, prepareTables } from './sqlite-schema.ts'

export interface TupleRow {
  readonly position: number
  readonly body: string
  readonly holder: string | null
  readonly deliveries: number
}

export type RawTupleRow = readonly [TupleRow['position'], TupleRow['body'], TupleRow['holder'], TupleRow['deliveries']]

/** Conditions by which of lane (1), yool (2) and id (4) are given. */
const conditions = Array.from({ length: 8 }, (_, shape) => {
  const terms = ['lane = ?', 'yool = ?', 'key = ?'].filter((_term, bit) => (shape & (1 << bit)) !== 0)
  return terms.length === 0 ? 'TRUE' : terms.join(' AND ')
})

/** What a matcher's lane, yool and id say; of an id its key, so that what is found must be looked at. */
export interface Filter {
  /** Which of them are given, as bits. */
  readonly shape: number
  /** The same as a condition. */
  readonly where: string
  /** Its values. */
  readonly values: readonly (string | number)[]
}

export function filterOf({ lane, yool, id }: Matcher): Filter {
  const shape = (lane === null ? 0 : 1) | (yool === null ? 0 : 2) | (id === null ? 0 : 4)
  const values: (string | number)[] = []
  if (lane !== null) values.push(lane)
  if (yool !== null) values.push(yool)
  if (id !== null) values.push(keyOf(id))
  return { shape, where: conditions[shape] ?? '', values }
}

/** Everything the SQLite store asks of its database, prepared once. */
export class SqliteStatements {
  readonly put: Database.Statement
  readonly remove: Database.Statement
  readonly lend: Database.Statement
  readonly acknowledge: Database.Statement
  readonly renew: Database.Statement
  readonly giveBack: Database.Statement
  readonly expire: Database.Statement
  readonly discard: Database.Statement
  readonly lanes: Database.Statement
  readonly overdue: Database.Statement
  /** Lends it to nobody, for ever. */
  readonly putAside: Database.Statement
  readonly bodyOf: Database.Statement
  /** Changes when another connection has committed. */
  readonly version: Database.Statement
  /** Rows that this connection has changed since it was opened. */
  readonly changes: Database.Statement
  readonly #database: Database.Database
  readonly #oldest: Database.Statement[] = []
  readonly #prepared = new Map<string, Database.Statement>()

  constructor(database: Database.Database) {
    this.#database = database
    prepareTables(database)
    this.put = database.prepare('INSERT INTO tuples (key, lane, yool, body) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING')
    this.remove = database.prepare('DELETE FROM tuples WHERE position = ?')
    this.lend = database.prepare(
      'UPDATE tuples SET holder = ?, until = ?, deliveries = deliveries + 1 WHERE position = ?',
    )
    this.acknowledge = database.prepare('DELETE FROM tuples WHERE key = ? AND holder = ? AND until > ?')
    this.renew = database.prepare('UPDATE tuples SET until = ? WHERE key = ? AND holder = ? AND until > ?')
    this.giveBack = database.prepare(
      'UPDATE tuples SET holder = NULL, until = NULL, deliveries = deliveries - ? WHERE key = ? AND holder = ? AND until > ?',
    )
    this.expire = database.prepare(
      'UPDATE tuples SET holder = NULL, until = NULL WHERE holder IS NOT NULL AND until <= ?',
    )
    this.discard = database.prepare(
      `DELETE FROM tuples WHERE lane = @lane AND holder IS NULL AND position <= (
        SELECT position FROM tuples WHERE lane = @lane AND holder IS NULL ORDER BY position DESC LIMIT 1 OFFSET @keep)`,
    )
    this.putAside = database.prepare(`UPDATE tuples SET holder = 'unreadable', until = ${2 ** 53} WHERE position = ?`)
    this.bodyOf = database.prepare('SELECT body FROM tuples WHERE key = ?').pluck()
    this.version = database.prepare('PRAGMA data_version').pluck()
    this.changes = database.prepare('SELECT total_changes()').pluck()
    // Each half finds what it counts in an index, without reading the tuples.
    this.lanes = database.prepare(
      `SELECT lane, sum(waiting) AS waiting, sum(leased) AS leased FROM (
        SELECT lane, count(*) AS waiting, 0 AS leased FROM tuples WHERE holder IS NULL GROUP BY lane UNION ALL
        SELECT lane, 0, count(*) FROM tuples WHERE holder IS NOT NULL GROUP BY lane
      ) GROUP BY lane ORDER BY sum(waiting) + sum(leased) DESC`,
    )
    this.overdue = database.prepare('SELECT count(*) FROM tuples WHERE holder IS NOT NULL AND until <= ?').pluck()
  }

  /** The oldest free row that fulfils a condition, by its shape; as a list, which costs half of an object. */
  oldest({ shape, where }: Filter): Database.Statement {
    const known = this.#oldest[shape]
    if (known !== undefined) return known
    const made = this.#database.prepare(rowsText(`${where} AND holder IS NULL`, 'LIMIT 1')).raw()
    this.#oldest[shape] = made
    return made
  }

  /** Rows that fulfil a condition, oldest first. */
  rows(where: string, limit: string): Database.Statement {
    return this.#prepare(rowsText(where, limit))
  }

  count(where: string): Database.Statement {
    return this.#prepare(`SELECT count(*) FROM tuples WHERE ${where}`).pluck()
  }

  #prepare(text: string): Database.Statement {
    let statement = this.#prepared.get(text)
    if (statement === undefined) {
      statement = this.#database.prepare(text)
      // Texts with an offset in them come without end.
      if (this.#prepared.size < 64) this.#prepared.set(text, statement)
    }
    return statement
  }
}

function rowsText(where: string, limit: string): string {
  return `SELECT position, body, holder, deliveries FROM tuples WHERE ${where} ORDER BY position ${limit}`
}
