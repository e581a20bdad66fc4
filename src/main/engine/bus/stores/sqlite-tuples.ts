import Database from 'better-sqlite3'
import { GuardhouseError } from '../../../../shared/errors.ts'
import type { Template, Tuple } from '../../../../shared/model/bus.ts'
import { compileMatcher, matches } from '../matcher.ts'
import { parseTuple } from '../parse-tuple.ts'
import { tooManyTuples } from './resident-limit.ts'
import type { SqliteAnswers, SqliteRequest, SqliteThreadData } from './sqlite-messages.ts'
import { filterOf, SqliteStatements, storedId, type TupleRow } from './sqlite-statements.ts'

/** Other processes put too: how often their tuples are counted, milliseconds. */
const countEveryMs = 2000
/** Of 4 KiB: a checkpoint syncs the file once more, so it comes seldom. */
const checkpointPages = 4000

/** The database of a SQLite store, used synchronously by its thread. */
export class SqliteTuples implements Disposable {
  readonly database: Database.Database
  readonly #sql: SqliteStatements
  readonly #maxTuples: number
  #seenVersion = 0
  #count = 0
  /** When it is counted anew if another process has written since. */
  #countAt = 0
  #countedVersion = -1

  /** Throws `not-allowed` when the file cannot be opened or is no such database. */
  constructor({ path, maxTuples }: Pick<SqliteThreadData, 'path' | 'maxTuples'>) {
    this.#maxTuples = maxTuples
    try {
      this.database = new Database(path)
      this.database.pragma('journal_mode = WAL')
      this.database.pragma('synchronous = FULL')
      this.database.pragma('busy_timeout = 10000')
      this.database.pragma(`wal_autocheckpoint = ${checkpointPages}`)
      this.#sql = new SqliteStatements(this.database)
    } catch (cause) {
      throw cannotUse(path, cause)
    }
    this.#seenVersion = this.#version()
  }

  [Symbol.dispose](): void {
    this.database.close()
  }

  /** At the begin of a transaction; false after a rollback, which makes the number of tuples unknown. */
  count(known: boolean): void {
    const now = performance.now()
    if (known && now < this.#countAt) return
    this.#countAt = now + countEveryMs
    const version = this.#version()
    if (known && version === this.#countedVersion) return
    this.#countedVersion = version
    this.#count = this.#sql.count('TRUE').get() as number
  }

  run(request: SqliteRequest): SqliteAnswers[keyof SqliteAnswers] {
    const sql = this.#sql
    switch (request.do) {
      case 'put':
        return this.#put(request.id, request.lane, request.yool, request.body)
      case 'take':
        return this.#take(request.template, request.leaseMs, request.holder)
      case 'read':
        return this.#find(request.template)?.body ?? null
      case 'acknowledge': {
        const done = sql.acknowledge.run(storedId(request.id), request.holder, Date.now()).changes === 1
        if (done) this.#count -= 1
        return done
      }
      case 'giveBack':
        return sql.giveBack.run(storedId(request.id), request.holder, Date.now()).changes === 1
      case 'renew': {
        const now = Date.now()
        return sql.renew.run(now + request.leaseMs, storedId(request.id), request.holder, now).changes === 1
      }
      case 'expire':
        return this.expire()
      case 'discard':
        return this.#discard(request.lane, request.keep)
      case 'list':
        return this.#list(request.template, request.offset, request.limit)
      case 'free':
        return this.#free(request.template, request.after, request.limit)
      case 'lanes':
        return sql.lanes.all() as SqliteAnswers['lanes']
    }
  }

  /** Gives back what is overdue, whoever took it: who died holding something cannot. */
  expire(): number {
    return this.#sql.expire.run(Date.now()).changes
  }

  /** Whether there is something to give back. */
  isAnythingOverdue(): boolean {
    return (this.#sql.overdue.get(Date.now()) as number) > 0
  }

  /** Whether another connection has committed since this was asked last. */
  hasChangedElsewhere(): boolean {
    const version = this.#version()
    const changed = version !== this.#seenVersion
    this.#seenVersion = version
    return changed
  }

  #version(): number {
    return this.#sql.version.get() as number
  }

  #put(id: string, lane: string | null, yool: string | null, body: string): boolean {
    const key = storedId(id)
    if (this.#count >= this.#maxTuples) {
      if (this.#sql.has.get(key) !== undefined) return false
      throw tooManyTuples(this.#maxTuples)
    }
    const put = this.#sql.put.run(key, lane, yool, body).changes === 1
    if (put) this.#count += 1
    return put
  }

  #take(template: Template, leaseMs: number | null, holder: string): SqliteAnswers['take'] {
    const row = this.#find(template)
    if (row === null) return null
    if (readable(row.body) === null) {
      // Another program has put there what is no tuple: it stays in the file, and stops nobody.
      this.#sql.putAside.run(row.position)
      return this.#take(template, leaseMs, holder)
    }
    if (leaseMs === null) {
      this.#sql.remove.run(row.position)
      this.#count -= 1
    } else this.#sql.lend.run(holder, Date.now() + leaseMs, row.position)
    return { body: row.body, deliveries: row.deliveries + 1 }
  }

  #discard(lane: string, keep: number): number {
    const removed = this.#sql.discard.run({ lane, keep }).changes
    this.#count -= removed
    return removed
  }

  #list(template: Template, offset: number, limit: number): SqliteAnswers['list'] {
    const matcher = compileMatcher(template)
    const [where, values] = filterOf(matcher)
    const asListed = ({ body, holder, deliveries }: TupleRow) => ({ body, leased: holder !== null, deliveries })
    if (matcher.accepts === null) {
      const rows = this.#sql.rows(where, `LIMIT ${Math.min(limit, 1e9)} OFFSET ${offset}`).all(...values) as TupleRow[]
      const tuples = rows.filter(({ body }) => readable(body) !== null)
      return { rows: tuples.map(asListed), matched: this.#sql.count(where).get(...values) as number }
    }
    const rows: ReturnType<typeof asListed>[] = []
    let matched = 0
    for (const row of this.#sql.rows(where, '').iterate(...values) as Iterable<TupleRow>) {
      const tuple = readable(row.body)
      if (tuple === null || !matches(matcher, tuple)) continue
      if (matched >= offset && rows.length < limit) rows.push(asListed(row))
      matched += 1
    }
    return { rows, matched }
  }

  #free(template: Template, after: number, limit: number): SqliteAnswers['free'] {
    const [where, values] = filterOf(compileMatcher(template))
    const rows = this.#sql.rows(`${where} AND holder IS NULL AND position > ?`, `LIMIT ${limit}`)
    return (rows.all(...values, after) as TupleRow[])
      .filter(({ body }) => readable(body) !== null)
      .map(({ position, body }) => ({ position, body }))
  }

  #find(template: Template): TupleRow | null {
    const matcher = compileMatcher(template)
    const [where, values] = filterOf(matcher)
    const free = `${where} AND holder IS NULL`
    if (matcher.accepts === null) {
      return (this.#sql.rows(free, 'LIMIT 1').get(...values) as TupleRow | undefined) ?? null
    }
    for (const row of this.#sql.rows(free, '').iterate(...values) as Iterable<TupleRow>) {
      const tuple = readable(row.body)
      if (tuple !== null && matcher.accepts(tuple)) return row
    }
    return null
  }
}

/** Null for what another program has put there and is no tuple. */
function readable(body: string): Tuple | null {
  try {
    return parseTuple(body)
  } catch {
    // Not ours.
    return null
  }
}

function cannotUse(path: string, cause: unknown): GuardhouseError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new GuardhouseError('not-allowed', `the tuple store ${path} cannot be used: ${why}`, {
    hint: 'Make its folder writable, or name another file.',
    cause,
  })
}
