import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Journal } from '../../src/main/engine/journal/journal.ts'
import { findEntries } from '../../src/main/entries.ts'

/** A folder of its own that goes with the process. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'guardhouse-bench-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A fresh journal as the product makes it. */
export function openJournal(folder: string): Promise<Journal> {
  return Journal.open({
    entry: findEntries().journalWriter,
    data: {
      path: join(folder, 'journal.sqlite'),
      mayMove: false,
      limits: { maxRows: 1_000_000, maxBytes: 4 * 2 ** 30, maxDays: 90 },
      epochWall: Date.now(),
    },
  })
}
