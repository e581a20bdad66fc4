import { randomUUID } from 'node:crypto'
import Database from 'better-sqlite3'
import { GuardhouseError } from '../../../../shared/errors.ts'
import type { Tuple } from '../../../../shared/model/bus.ts'
import { type Matcher, matches } from '../matcher.ts'
import { parseTuple } from '../parse-tuple.ts'
import { spacedText } from '../tuple-text.ts'
import { GroupCommit } from './group-commit.ts'
import { filterOf, SqliteStatements, storedId, type TupleRow } from './sqlite-statements.ts'
import type { LaneCount, Lease, StorePage, Taken, TupleStore } from './tuple-store.ts'

export interface SqliteStoreOptions {
  /** The database file; made when missing. Several processes may use it at once. */
  readonly path: string
  /** Milliseconds since 1970 UTC; the same for every process on the machine. */
  readonly wallNow?: () => number
  /** How often to look whether another process has written while somebody waits, milliseconds. */
  readonly lookEveryMs?: number
}

/** Tuples in a SQLite file. Every answer is on the disk; what is asked in one turn is committed together. */
export class SqliteStore implements TupleStore {
  readonly name = 'sqlite'
  readonly shared = true
  readonly #database: Database.Database
  readonly #sql: SqliteStatements
  readonly #commit: GroupCommit
  readonly #wallNow: () => number
  readonly #lookEveryMs: number
  readonly #listeners = new Set<() => void>()
  readonly #holderPrefix = randomUUID()
  #holders = 0
  #looking: NodeJS.Timeout | null = null
  #seenVersion = 0
  #expiryLookAt = 0

  /** Throws `not-allowed` when the file cannot be opened or is no such database. */
  constructor({ path, wallNow = Date.now, lookEveryMs = 15 }: SqliteStoreOptions) {
    this.#wallNow = wallNow
    this.#lookEveryMs = lookEveryMs
    try {
      this.#database = new Database(path)
      this.#database.pragma('journal_mode = WAL')
      this.#database.pragma('synchronous = FULL')
      this.#database.pragma('busy_timeout = 10000')
      this.#sql = new SqliteStatements(this.#database)
    } catch (cause) {
      throw cannotUse(path, cause)
    }
    this.#commit = new GroupCommit(this.#database)
  }

  put(tuple: Tuple): Promise<boolean> {
    const { lane, yool, id } = tuple
    return this.#commit.run(() => {
      const body = spacedText(tuple)
      return this.#sql.put.run(storedId(id), textOrNull(lane), textOrNull(yool), body).changes === 1
    })
  }

  take(matcher: Matcher, leaseMs: number | null): Promise<Taken | null> {
    return this.#commit.run(() => {
      const row = this.#find(matcher)
      if (row === null) return null
      const deliveries = row.deliveries + 1
      const tuple = row.tuple ?? parseTuple(row.body)
      if (leaseMs === null) {
        this.#sql.remove.run(row.position)
        return { tuple, lease: null, deliveries }
      }
      const holder = `${this.#holderPrefix}-${++this.#holders}`
      this.#sql.lend.run(holder, this.#wallNow() + leaseMs, row.position)
      return { tuple, lease: { id: tuple.id, holder }, deliveries }
    })
  }

  read(matcher: Matcher): Promise<Tuple | null> {
    // Through the same queue: whoever has put something sees it when reading next.
    return this.#commit.run(() => {
      const row = this.#find(matcher)
      return row === null ? null : (row.tuple ?? parseTuple(row.body))
    })
  }

  acknowledge({ id, holder }: Lease): Promise<boolean> {
    return this.#commit.run(() => this.#sql.acknowledge.run(storedId(id), holder, this.#wallNow()).changes === 1)
  }

  renew({ id, holder }: Lease, leaseMs: number): Promise<boolean> {
    return this.#commit.run(() => {
      const now = this.#wallNow()
      return this.#sql.renew.run(now + leaseMs, storedId(id), holder, now).changes === 1
    })
  }

  giveBack({ id, holder }: Lease): Promise<boolean> {
    return this.#commit.run(() => this.#sql.giveBack.run(storedId(id), holder, this.#wallNow()).changes === 1)
  }

  expire(): Promise<number> {
    return this.#commit.run(() => this.#sql.expire.run(this.#wallNow()).changes)
  }

  discard(lane: string): Promise<number> {
    return this.#commit.run(() => this.#sql.discard.run(lane).changes)
  }

  list(matcher: Matcher, offset: number, limit: number): Promise<StorePage> {
    return this.#commit.run(() => {
      const [where, values] = filterOf(matcher)
      if (matcher.accepts === null) {
        const rows = this.#sql
          .rows(where, `LIMIT ${Math.min(limit, 1e9)} OFFSET ${offset}`)
          .all(...values) as TupleRow[]
        return { tuples: rows.map(stored), matched: this.#sql.count(where).get(...values) as number }
      }
      const matching = (this.#sql.rows(where, '').all(...values) as TupleRow[]).map(stored)
      const wanted = matching.filter(({ tuple }) => matches(matcher, tuple))
      return { tuples: wanted.slice(offset, offset + limit), matched: wanted.length }
    })
  }

  lanes(): Promise<readonly LaneCount[]> {
    return this.#commit.run(() => this.#sql.lanes.all() as LaneCount[])
  }

  onArrival(listener: () => void): () => void {
    this.#listeners.add(listener)
    if (this.#looking === null) {
      this.#seenVersion = this.#version()
      this.#looking = setInterval(() => this.#look(), this.#lookEveryMs)
    }
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#stopLooking()
    }
  }

  async close(): Promise<void> {
    this.#stopLooking()
    await this.#commit.idle()
    this.#database.close()
  }

  #find(matcher: Matcher): (TupleRow & { readonly tuple?: Tuple }) | null {
    const [where, values] = filterOf(matcher)
    const free = `${where} AND holder IS NULL`
    if (matcher.accepts === null)
      return (this.#sql.rows(free, 'LIMIT 1').get(...values) as TupleRow | undefined) ?? null
    for (const row of this.#sql.rows(free, '').iterate(...values) as Iterable<TupleRow>) {
      const tuple = parseTuple(row.body)
      if (matcher.accepts(tuple)) return { ...row, tuple }
    }
    return null
  }

  /** Changes when another connection has committed. */
  #version(): number {
    return this.#database.pragma('data_version', { simple: true }) as number
  }

  #look(): void {
    const version = this.#version()
    const changed = version !== this.#seenVersion
    this.#seenVersion = version
    if (changed) this.#tell()
    // Whoever died holding something cannot give it back.
    const now = performance.now()
    if (now < this.#expiryLookAt) return
    this.#expiryLookAt = now + Math.max(100, this.#lookEveryMs)
    if ((this.#sql.overdue.get(this.#wallNow()) as number) === 0) return
    void this.expire().then((count) => {
      if (count > 0) this.#tell()
    })
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }

  #stopLooking(): void {
    if (this.#looking !== null) clearInterval(this.#looking)
    this.#looking = null
  }
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function stored({ body, holder, deliveries }: TupleRow) {
  return { tuple: parseTuple(body), leased: holder !== null, deliveries }
}

function cannotUse(path: string, cause: unknown): GuardhouseError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new GuardhouseError('not-allowed', `the tuple store ${path} cannot be used: ${why}`, {
    hint: 'Make its folder writable, or name another file.',
    cause,
  })
}
