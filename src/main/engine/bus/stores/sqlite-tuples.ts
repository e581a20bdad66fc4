import { closeSync, fdatasync, openSync } from 'node:fs'
import Database from 'better-sqlite3'
import { GuardhouseError } from '../../../../shared/errors.ts'
import type { Template, Tuple } from '../../../../shared/model/bus.ts'
import { compileMatcher, matches } from '../matcher.ts'
import { parseTuple } from '../parse-tuple.ts'
import { PacedCounts } from './paced-counts.ts'
import { tooManyTuples } from './resident-limit.ts'
import type { ReplaceRequest, SqliteAnswers, SqliteRequest, SqliteThreadData } from './sqlite-messages.ts'
import { keyOf } from './sqlite-schema.ts'
import { filterOf, type RawTupleRow, SqliteStatements, type TupleRow } from './sqlite-statements.ts'

/** Other processes put too: how often their tuples are counted, milliseconds. */
const countEveryMs = 2000
/** Of 4 KiB: a checkpoint syncs the file once more, so it comes seldom. */
const checkpointPages = 4000

/** The database of a SQLite store, used synchronously by its thread. */
export class SqliteTuples implements Disposable {
  readonly database: Database.Database
  /** How many there may be from now on. */
  maxTuples: number
  readonly #sql: SqliteStatements
  readonly #replace: (request: ReplaceRequest) => boolean
  /** The file to which commits are written. Kept open: it is there as long as a connection is. */
  readonly #log: number | null
  readonly #counts = new PacedCounts()
  #seenChanges = 0
  #seenVersion = 0
  #count = 0
  /** When it is counted anew if another process has written since. */
  #countAt = 0
  #countedVersion = -1

  /** Throws `not-allowed` when the file cannot be opened or is no such database. */
  constructor({ path, maxTuples }: Pick<SqliteThreadData, 'path' | 'maxTuples'>) {
    this.maxTuples = maxTuples
    try {
      this.database = new Database(path)
      const logs = this.database.pragma('journal_mode = WAL', { simple: true }) === 'wal'
      // A commit writes to the log without waiting for the disk, which `sync` does. Where there can be no log it waits itself.
      this.database.pragma(`synchronous = ${logs ? 'NORMAL' : 'FULL'}`)
      this.database.pragma('busy_timeout = 10000')
      this.database.pragma(`wal_autocheckpoint = ${checkpointPages}`)
      this.#sql = new SqliteStatements(this.database)
      this.#log = logs ? openSync(`${path}-wal`, 'r+') : null
    } catch (cause) {
      throw cannotUse(path, cause)
    }
    this.#seenVersion = this.#version()
    // What fails half-way is undone alone: it runs within a transaction with others.
    this.#replace = this.database.transaction(({ lease, put }: ReplaceRequest) => {
      if (this.#sql.acknowledge.run(keyOf(lease.id), lease.holder, Date.now()).changes === 0) return false
      const key = keyOf(put.id)
      const isNew = this.#sql.put.run(key, put.lane, put.yool, put.body).changes === 1
      if (!isNew && this.#isThere(key, put.id)) this.#count -= 1
      return true
    })
  }

  [Symbol.dispose](): void {
    if (this.#log !== null) closeSync(this.#log)
    this.database.close()
  }

  /** Calls back, from a later turn, once everything that was committed by now is on the disk. */
  sync(done: (error: Error | null) => void): void {
    if (this.#log === null) setImmediate(done, null)
    else fdatasync(this.#log, done)
  }

  /** Whether anything was written since this was asked last. */
  wrote(): boolean {
    const changes = this.#sql.changes.get() as number
    const wrote = changes !== this.#seenChanges
    this.#seenChanges = changes
    return wrote
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
        const done = sql.acknowledge.run(keyOf(request.id), request.holder, Date.now()).changes === 1
        if (done) this.#count -= 1
        return done
      }
      case 'giveBack': {
        const { id, holder, unused } = request
        return sql.giveBack.run(Number(unused), keyOf(id), holder, Date.now()).changes === 1
      }
      case 'replace':
        return this.#replace(request)
      case 'renew': {
        const now = Date.now()
        return sql.renew.run(now + request.leaseMs, keyOf(request.id), request.holder, now).changes === 1
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
        return this.#lanes()
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

  #lanes(): SqliteAnswers['lanes'] {
    const from = performance.now()
    return this.#counts.kept() ?? this.#counts.keep(this.#sql.lanes.all() as SqliteAnswers['lanes'], from)
  }

  #put(id: string, lane: string | null, yool: string | null, body: string): boolean {
    const key = keyOf(id)
    if (this.#count >= this.maxTuples) {
      if (this.#isThere(key, id)) return false
      throw tooManyTuples(this.maxTuples)
    }
    if (this.#sql.put.run(key, lane, yool, body).changes === 0) return !this.#isThere(key, id)
    this.#count += 1
    return true
  }

  /** Throws `conflict` when another id has its key. */
  #isThere(key: number, id: string): boolean {
    const body = this.#sql.bodyOf.get(key) as string | undefined
    if (body === undefined) return false
    if (idOf(body) === id) return true
    throw new GuardhouseError(
      'conflict',
      `the id ${id} cannot be told from that of another tuple by its first digits`,
      {
        hint: 'Put it again: a made id is another each time, a given one must be changed.',
      },
    )
  }

  #take(template: Template, leaseMs: number | null, holder: string): SqliteAnswers['take'] {
    const row = this.#find(template)
    if (row === null) return null
    if (idOf(row.body) === null) {
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
    const { where, values } = filterOf(matcher)
    const asListed = ({ body, holder, deliveries }: TupleRow) => ({ body, leased: holder !== null, deliveries })
    if (matcher.accepts === null && matcher.id === null) {
      const rows = this.#sql.rows(where, `LIMIT ${Math.min(limit, 1e9)} OFFSET ${offset}`).all(...values) as TupleRow[]
      const tuples = rows.filter(({ body }) => idOf(body) !== null)
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
    const { where, values } = filterOf(compileMatcher(template))
    const rows = this.#sql.rows(`${where} AND holder IS NULL AND position > ?`, `LIMIT ${limit}`)
    return (rows.all(...values, after) as TupleRow[])
      .filter(({ body }) => idOf(body) !== null)
      .map(({ position, body }) => ({ position, body }))
  }

  #find(template: Template): TupleRow | null {
    const matcher = compileMatcher(template)
    const filter = filterOf(matcher)
    const { where, values } = filter
    if (matcher.accepts === null) {
      const row = this.#sql.oldest(filter).get(...values) as RawTupleRow | undefined
      if (row === undefined) return null
      const [position, body, holder, deliveries] = row
      return matcher.id !== null && idOf(body) !== matcher.id ? null : { position, body, holder, deliveries }
    }
    for (const row of this.#sql.rows(`${where} AND holder IS NULL`, '').iterate(...values) as Iterable<TupleRow>) {
      const tuple = readable(row.body)
      if (tuple !== null && matches(matcher, tuple)) return row
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

/** Null when it is no tuple at all. Whoever gets it reads the rest, to the last digit. */
function idOf(body: string): string | null {
  try {
    const value = JSON.parse(body) as { readonly id?: unknown } | null
    return typeof value?.id === 'string' && !Array.isArray(value) ? value.id : null
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
