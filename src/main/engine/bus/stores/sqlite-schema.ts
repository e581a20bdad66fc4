import { hash } from 'node:crypto'
import type Database from 'better-sqlite3'

/** Of the table below. 0: a file of before there were numbers, or a new one. */
const version = 2

const tables = `
CREATE TABLE tuples (
  position INTEGER PRIMARY KEY,
  key INTEGER NOT NULL UNIQUE,
  lane TEXT,
  yool TEXT,
  body TEXT NOT NULL,
  holder TEXT,
  until INTEGER,
  deliveries INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX free_by_lane ON tuples (lane, position) WHERE holder IS NULL;
CREATE INDEX free_by_yool ON tuples (yool, lane, position) WHERE holder IS NULL AND yool IS NOT NULL;
CREATE INDEX lent ON tuples (until) WHERE holder IS NOT NULL;
`

/** Hexadecimal digits that a double holds exactly. */
const keyDigits = 13
const contentId = /^sha256:[0-9a-f]{64}$/

/**
 * An id as it is indexed: 52 bits of its hash. The ids themselves stand in the bodies. What is put lies anywhere in this index, so
 * that its size is what a commit writes. Two ids of one key are so rare, one in ten thousand millions beside a million tuples, that whoever meets one is told.
 */
export function keyOf(id: string): number {
  const digits = contentId.test(id) ? id.slice(7, 7 + keyDigits) : hash('sha256', id, 'hex').slice(0, keyDigits)
  return Number.parseInt(digits, 16)
}

/** Makes the tables, or brings those of an earlier version over. Throws what keeps it from that; then the file is as it was. */
export function prepareTables(database: Database.Database): void {
  if (versionOf(database) === version) return
  const bring = database.transaction(() => {
    // Another process may have been quicker.
    if (versionOf(database) === version) return
    const earlier = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'tuples'").get() !== undefined
    if (earlier) {
      database.exec(
        'DROP INDEX free_by_lane; DROP INDEX free_by_yool; DROP INDEX lent; ALTER TABLE tuples RENAME TO earlier',
      )
    }
    database.exec(tables)
    if (earlier) {
      database.function('key_of', { deterministic: true }, (id) => keyOf(typeof id === 'string' ? id : textOf(id)))
      database.exec(`INSERT INTO tuples SELECT position, key_of(id), lane, yool, body, holder, until, deliveries
        FROM earlier ORDER BY position; DROP TABLE earlier`)
    }
    database.pragma(`user_version = ${version}`)
  })
  bring.immediate()
}

function versionOf(database: Database.Database): number {
  return database.pragma('user_version', { simple: true }) as number
}

/** Made ids were kept as their 32 bytes. */
function textOf(id: unknown): string {
  return `sha256:${Buffer.from(id as Uint8Array).toString('hex')}`
}
