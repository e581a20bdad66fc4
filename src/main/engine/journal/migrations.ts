import type { Database } from 'better-sqlite3'
import { GuardhouseError } from '../../../shared/errors.ts'

/**
 * Each entry brings a journal from the version of its index to the next; never change one that was released. Times of a token
 * are microseconds from its creation, and its creation is microseconds from the epoch of the run that accepted it, so that ids
 * stay exact.
 */
const migrations: readonly string[] = [
  `
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
  `,
]

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
  for (const [index, step] of migrations.entries()) {
    if (index < version) continue
    database.transaction(() => {
      database.exec(step)
      database.pragma(`user_version = ${index + 1}`)
    })()
  }
}
