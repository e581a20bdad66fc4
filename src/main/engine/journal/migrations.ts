import { rmSync } from 'node:fs'
import type { Database } from 'better-sqlite3'
import { GuardhouseError } from '../../../shared/errors.ts'
import { rowsToSegments } from './rows-to-segments.ts'

/**
 * Each entry brings a journal from the version of its index to the next; never change one that was released. Times of a token
 * are microseconds from its creation, and its creation is microseconds from the epoch of the run that accepted it, so that ids
 * stay exact.
 *
 * Version 2 keeps what happens as it comes, a segment for each transaction, instead of a row for each token: that is what lets
 * the journal keep up with the scheduler. Version 3 packs the records of a segment (packed-records.ts); those of earlier ones are read as they are.
 */
const migrations: readonly ((database: Database) => void)[] = [oneRowForEachToken, segments, packedRecords]

function oneRowForEachToken(database: Database): void {
  database.exec(`
  CREATE TABLE runs (run INTEGER PRIMARY KEY, epoch_wall REAL NOT NULL, pid INTEGER NOT NULL);
  CREATE TABLE operations (operation INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE tokens (
    sequence INTEGER PRIMARY KEY,
    run INTEGER NOT NULL,
    operation INTEGER NOT NULL,
    created REAL NOT NULL,
    weight INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    parent INTEGER NOT NULL,
    timeout REAL NOT NULL,
    queue_timeout REAL NOT NULL,
    flags INTEGER NOT NULL,
    state INTEGER NOT NULL,
    core INTEGER,
    slot INTEGER,
    admitted REAL,
    started REAL,
    ended REAL,
    format INTEGER NOT NULL,
    arguments BLOB,
    result_format INTEGER,
    result BLOB,
    detail TEXT
  );
  CREATE TABLE audit (
    id INTEGER PRIMARY KEY, at REAL NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
    target TEXT NOT NULL, reason TEXT NOT NULL, outcome TEXT NOT NULL
  );
  CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  `)
}

function segments(database: Database): void {
  database.exec(`
  ALTER TABLE operations RENAME TO operations_1;
  CREATE TABLE operations (
    run INTEGER NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL, tags TEXT NOT NULL, PRIMARY KEY (run, number)
  ) WITHOUT ROWID;
  CREATE TABLE segments (
    segment INTEGER PRIMARY KEY, run INTEGER NOT NULL, written REAL NOT NULL, count INTEGER NOT NULL,
    cores INTEGER NOT NULL, workers_per_core INTEGER NOT NULL, records BLOB NOT NULL, bytes BLOB NOT NULL
  );
  -- Tokens that have not ended while their segment went.
  CREATE TABLE carried (sequence INTEGER PRIMARY KEY, run INTEGER NOT NULL, record BLOB NOT NULL, bytes BLOB NOT NULL);
  -- Arguments that go when their token ends.
  CREATE TABLE large (sequence INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
  -- What has to outlive the segments.
  CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  `)
  rowsToSegments(database)
  database.exec('DROP TABLE tokens; DROP TABLE operations_1')
  // The index of texts that version 1 had beside it.
  for (const part of ['', '-wal', '-shm']) rmSync(`${database.name}-search${part}`, { force: true })
}

function packedRecords(): void {
  // Nothing changes in what is there: which records are packed shows in their size. The number keeps older programs from reading them.
}

export const journalVersion = migrations.length

/** Brings the file to this program's version. Throws `unsupported` for one that a newer program has written. */
export function migrate(database: Database): void {
  const version = Number(database.pragma('user_version', { simple: true }))
  if (version > journalVersion) {
    throw new GuardhouseError(
      'unsupported',
      `the journal ${database.name} has version ${version}, and this Guardhouse knows up to ${journalVersion}`,
      { hint: 'Use the newer Guardhouse, or name another file with --journal.' },
    )
  }
  migrateTo(database, journalVersion)
}

/** Brings it up to a version that is not newer than this program's. */
export function migrateTo(database: Database, wanted: number): void {
  const version = Number(database.pragma('user_version', { simple: true }))
  for (const [index, step] of migrations.slice(0, wanted).entries()) {
    if (index < version) continue
    database.transaction(() => {
      step(database)
      database.pragma(`user_version = ${index + 1}`)
    })()
  }
}
