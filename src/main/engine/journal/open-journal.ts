import { existsSync, renameSync, rmSync } from 'node:fs'
import { dirname, join, parse } from 'node:path'
import Database from 'better-sqlite3'
import { GuardhouseError } from '../../../shared/errors.ts'
import { makeFolder } from '../system/make-folder.ts'
import { migrate } from './migrations.ts'
import { storageFault } from './sqlite-error.ts'
import { startsFolder } from './start-log.ts'

/** How long to wait for another program that holds the file, milliseconds. */
const busyMs = 5000
/** Journals that are looked at for a free one. */
const mostJournals = 64

export interface OpenJournal {
  readonly path: string
  readonly database: Database.Database
  /** Held as long as this host uses the journal; the system lets go of it with the process, however that ends. */
  readonly lock: Database.Database
  readonly notices: readonly string[]
}

/**
 * Opens the journal for this host alone. A damaged file is kept aside under a name of its own and a fresh one begun.
 * Throws `conflict` when another host has it and `mayMove` is false, `not-allowed` when it cannot be written.
 */
export function openJournal(path: string, mayMove: boolean): OpenJournal {
  const notices: string[] = []
  try {
    makeFolder(dirname(path))
    const taken = lockFree(path, mayMove)
    if (taken.path !== path) {
      notices.push(`Another host uses the journal ${path}, so this one keeps its own: ${taken.path}.`)
    }
    const database = openOrReplace(taken.path, (sentence) => notices.push(sentence))
    return { ...taken, database, notices }
  } catch (error) {
    if (error instanceof GuardhouseError) throw error
    throw new GuardhouseError('not-allowed', `the journal ${path} cannot be opened: ${messageOf(error)}`, {
      hint: 'Make its folder writable, name another file with --journal, or go without with --no-journal.',
      cause: error,
    })
  }
}

function lockFree(path: string, mayMove: boolean): { path: string; lock: Database.Database } {
  const { dir, name, ext } = parse(path)
  for (let number = 1; number <= (mayMove ? mostJournals : 1); number++) {
    const candidate = number === 1 ? path : join(dir, `${name}-${number}${ext}`)
    const lock = tryLock(`${candidate}-lock`)
    if (lock !== null) return { path: candidate, lock }
  }
  throw new GuardhouseError('conflict', `another host uses the journal ${path}`, {
    hint: 'Name another file with --journal, or go without with --no-journal.',
  })
}

function tryLock(path: string): Database.Database | null {
  const lock = new Database(path, { timeout: 0 })
  try {
    // Kept open without end: it excludes every other process, and leaves nothing behind that could be stale.
    lock.exec('BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    lock.close()
    if (storageFault(error) === 'locked') return null
    throw error
  }
}

function openOrReplace(path: string, notice: (sentence: string) => void): Database.Database {
  try {
    return openFile(path)
  } catch (error) {
    if (storageFault(error) !== 'damaged') throw error
    return beginAnew(path, error, notice)
  }
}

/** Keeps an opened journal that turned out to be damaged aside, and begins a fresh one in its place. */
export function replaceDamaged(journal: OpenJournal, error: unknown): OpenJournal {
  const notices = [...journal.notices]
  journal.database.close()
  return { ...journal, database: beginAnew(journal.path, error, (sentence) => notices.push(sentence)), notices }
}

function beginAnew(path: string, error: unknown, notice: (sentence: string) => void): Database.Database {
  notice(`The journal ${path} was damaged (${messageOf(error)}) and is kept as ${putAside(path)}; a fresh one begins.`)
  // A fresh journal counts from the start again: old logs would speak of its tokens.
  rmSync(startsFolder(path), { recursive: true, force: true })
  return openFile(path)
}

/** Opens or makes the file and brings it to this program's version. */
export function openFile(path: string): Database.Database {
  const database = new Database(path, { timeout: busyMs })
  try {
    database.pragma('auto_vacuum = INCREMENTAL')
    database.pragma('journal_mode = WAL')
    // A power cut must not take back what was acknowledged.
    database.pragma('synchronous = FULL')
    // Segments are only ever added, so a longer log is not more to bring over, but less often: 16 MiB at a time.
    database.pragma('wal_autocheckpoint = 4096')
    migrate(database)
    // Reads every table's root, so that damage shows now rather than in the middle of work.
    database
      .prepare(
        'SELECT (SELECT count(*) FROM settings), (SELECT max(segment) FROM segments), (SELECT max(id) FROM audit)',
      )
      .get()
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** Renames a damaged journal and what belongs to it. Returns its new name. */
export function putAside(path: string): string {
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-')
  let aside = `${path}.damaged-${stamp}`
  for (let number = 2; existsSync(aside); number++) aside = `${path}.damaged-${stamp}-${number}`
  renameSync(path, aside)
  for (const part of ['-wal', '-shm']) {
    if (existsSync(`${path}${part}`)) renameSync(`${path}${part}`, `${aside}${part}`)
  }
  return aside
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
