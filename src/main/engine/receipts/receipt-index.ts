import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Database, { type Statement } from 'better-sqlite3'
import type { ReceiptFilter } from '../../../shared/model/receipt.ts'

/** What the index knows of a receipt. Times are microseconds since 1970 UTC. */
export interface IndexRow {
  readonly seq: number
  readonly id: string
  readonly input_hash: string
  readonly yool: string
  readonly status: string
  readonly started: number
  readonly ended: number
  readonly duration: number
  readonly parent: string | null
  readonly token: string | null
  readonly parent_token: string | null
  /** JSON list of the paths of its bodies, as a collection names them. */
  readonly bodies: string
  readonly body_count: number
  readonly refused: number
  readonly marked: number
  /** Size of its file, bytes. */
  readonly bytes: number
  /** Body of its file until that is safely on the disk. */
  readonly pending: string | null
}

export type NewRow = Omit<IndexRow, 'seq'>
export type PendingRow = Pick<IndexRow, 'seq' | 'id'>

const fileName = 'receipts.sqlite'
const columns =
  'id, input_hash, yool, status, started, ended, duration, parent, token, parent_token, bodies, body_count, refused, marked, bytes, pending'
const schema = `
  CREATE TABLE IF NOT EXISTS receipts (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    input_hash TEXT NOT NULL,
    yool TEXT NOT NULL,
    status TEXT NOT NULL,
    started INTEGER NOT NULL,
    ended INTEGER NOT NULL,
    duration INTEGER NOT NULL,
    parent TEXT,
    token TEXT,
    parent_token TEXT,
    bodies TEXT NOT NULL,
    body_count INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    marked INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    pending TEXT
  );
  CREATE INDEX IF NOT EXISTS by_input ON receipts (input_hash, status);
  CREATE INDEX IF NOT EXISTS by_end ON receipts (ended);
  CREATE INDEX IF NOT EXISTS by_parent ON receipts (parent) WHERE parent IS NOT NULL;
  CREATE INDEX IF NOT EXISTS by_token ON receipts (token) WHERE token IS NOT NULL;
  CREATE INDEX IF NOT EXISTS by_parent_token ON receipts (parent_token) WHERE parent_token IS NOT NULL;
  CREATE INDEX IF NOT EXISTS by_pending ON receipts (seq) WHERE pending IS NOT NULL;
`

/**
 * Index of the receipts of one catalog. It also keeps the text of each receipt until its file is safely written, so that one
 * sync makes many receipts durable. Several processes may share it. Everything in it but that text can be rebuilt from the files.
 */
export class ReceiptIndex implements Disposable {
  readonly #database: Database.Database
  readonly #insert: Statement<[NewRow]>
  readonly #byId: Statement<[string], IndexRow>
  readonly #byInput: Statement<[string], IndexRow>
  readonly #byToken: Statement<[string], IndexRow>
  readonly #idsByParentToken: Statement<[string, number], { id: string }>
  readonly #idsByParent: Statement<[string, number], { id: string }>
  readonly #pending: Statement<[number], PendingRow>
  readonly #settle: Statement<[number]>
  readonly #remove: Statement<[string]>
  readonly #count: Statement<[], { count: number }>
  #changes = 0

  /** A damaged file is moved aside as `receipts.sqlite.damaged`; the caller rebuilds from the files. */
  static open(catalog: string): ReceiptIndex {
    const path = join(catalog, fileName)
    try {
      return new ReceiptIndex(path)
    } catch (error) {
      if (!isDamage(error)) throw error
      renameSync(path, `${path}.damaged`)
      for (const suffix of ['-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true })
      return new ReceiptIndex(path)
    }
  }

  private constructor(path: string) {
    const database = new Database(path, { timeout: 10_000 })
    this.#database = database
    try {
      database.pragma('journal_mode = WAL')
      database.pragma('synchronous = FULL')
      database.pragma('cache_size = -16000')
      database.exec(schema)
    } catch (error) {
      database.close()
      throw error
    }
    const names = columns.split(', ')
    this.#insert = database.prepare(
      `INSERT OR IGNORE INTO receipts (${columns}) VALUES (${names.map((name) => `@${name}`).join(', ')})`,
    )
    this.#byId = database.prepare('SELECT * FROM receipts WHERE id = ?')
    this.#byInput = database.prepare(
      "SELECT * FROM receipts WHERE input_hash = ? AND status = 'ok' ORDER BY ended DESC, seq DESC LIMIT 8",
    )
    this.#byToken = database.prepare('SELECT * FROM receipts WHERE token = ? ORDER BY seq DESC LIMIT 1')
    this.#idsByParentToken = database.prepare('SELECT id FROM receipts WHERE parent_token = ? ORDER BY seq LIMIT ?')
    this.#idsByParent = database.prepare('SELECT id FROM receipts WHERE parent = ? ORDER BY seq LIMIT ?')
    this.#pending = database.prepare('SELECT seq, id FROM receipts WHERE pending IS NOT NULL ORDER BY seq LIMIT ?')
    this.#settle = database.prepare('UPDATE receipts SET pending = NULL WHERE seq = ?')
    this.#remove = database.prepare('DELETE FROM receipts WHERE id = ?')
    this.#count = database.prepare('SELECT count(*) AS count FROM receipts')
  }

  get count(): number {
    return this.#count.get()?.count ?? 0
  }

  /** Changes whenever a receipt was added or removed, also by another process. */
  get version(): string {
    return `${this.#database.pragma('data_version', { simple: true })} ${this.#changes}`
  }

  /** Everything `work` does becomes durable together, or not at all. */
  transaction<Result>(work: () => Result): Result {
    return this.#database.transaction(work).immediate()
  }

  /** False when the receipt is there already. */
  insert(row: NewRow): boolean {
    this.#changes += 1
    return this.#insert.run(row).changes === 1
  }

  get(id: string): IndexRow | undefined {
    return this.#byId.get(id)
  }

  /** Good receipts of one input, newest first. */
  goodOf(inputHash: string): IndexRow[] {
    return this.#byInput.all(inputHash)
  }

  ofToken(token: string): IndexRow | undefined {
    return this.#byToken.get(token)
  }

  idsByParentToken(token: string, limit: number): string[] {
    return this.#idsByParentToken.all(token, limit).map((row) => row.id)
  }

  idsByParent(id: string, limit: number): string[] {
    return this.#idsByParent.all(id, limit).map((row) => row.id)
  }

  /** Receipts whose files are not known to be on the disk, oldest first. */
  pending(limit: number): PendingRow[] {
    return this.#pending.all(limit)
  }

  /** The files of these are on the disk. */
  settle(rows: readonly PendingRow[]): void {
    this.transaction(() => {
      for (const row of rows) this.#settle.run(row.seq)
    })
  }

  remove(id: string): void {
    this.#changes += 1
    this.#remove.run(id)
  }

  *all(): Generator<IndexRow> {
    yield* this.#database.prepare<[], IndexRow>('SELECT * FROM receipts ORDER BY seq').iterate()
  }

  ids(): Set<string> {
    const rows = this.#database.prepare<[], string>('SELECT id FROM receipts').pluck().all() as string[]
    return new Set(rows)
  }

  /** Newest first. `among` limits the answer to these ids, `without` leaves them out. */
  query(filter: ReceiptFilter, offset: number, limit: number, sets: IdSets): { rows: IndexRow[]; matched: number } {
    const { where, values } = conditionsOf(filter, sets)
    const rows = this.#database
      .prepare<unknown[], IndexRow>(`SELECT * FROM receipts ${where} ORDER BY ended DESC, seq DESC LIMIT ? OFFSET ?`)
      .all(...values, limit, offset)
    const matched = this.#database
      .prepare<unknown[], { count: number }>(`SELECT count(*) AS count FROM receipts ${where}`)
      .get(...values)
    return { rows, matched: matched?.count ?? 0 }
  }

  [Symbol.dispose](): void {
    this.#database.close()
  }
}

/** Ids as JSON lists, because SQLite bounds the number of parameters. */
export interface IdSets {
  readonly among: readonly string[] | null
  readonly without: readonly string[] | null
}

function conditionsOf(filter: ReceiptFilter, { among, without }: IdSets): { where: string; values: unknown[] } {
  const conditions: string[] = []
  const values: unknown[] = []
  const add = (condition: string, ...given: unknown[]) => {
    conditions.push(condition)
    values.push(...given)
  }
  if (filter.text) {
    const pattern = `%${filter.text.replace(/[\\%_]/g, '\\$&')}%`
    add(`(yool LIKE ? ESCAPE '\\' OR id LIKE ? ESCAPE '\\' OR token LIKE ? ESCAPE '\\')`, pattern, pattern, pattern)
  }
  if (filter.status) add('status = ?', filter.status)
  if (filter.yool) add('yool = ?', filter.yool)
  if (filter.token) add('token = ?', filter.token)
  if (filter.inputHash) add('input_hash = ?', filter.inputHash)
  if (filter.since !== undefined) add('ended >= ?', filter.since)
  if (filter.until !== undefined) add('ended < ?', filter.until)
  if (among !== null) add('id IN (SELECT value FROM json_each(?))', JSON.stringify(among))
  if (without !== null) add('id NOT IN (SELECT value FROM json_each(?))', JSON.stringify(without))
  return { where: conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`, values }
}

function isDamage(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(?:CORRUPT|NOTADB)/.test(error.code)
}
