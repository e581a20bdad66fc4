import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test, vi } from 'vitest'
import { runnableOperations } from '../scheduler/scheduler.fixture.ts'
import { BatchWriter } from './journal-batch.ts'
import { JournalBench } from './journal-bench.fixture.ts'
import { operationsInFile, statesInFile } from './journal-file.fixture.ts'
import { JournalStore } from './journal-store.ts'
import { openFile } from './open-journal.ts'

test('while the disk is full tokens go on, people are told once, and nothing is missing when there is room again', async () => {
  await using bench = await JournalBench.open()
  await bench.test.submit('echo', 'before')
  await bench.journal.durable()
  const { size } = statSync(bench.path)
  bench.journal.limitPages(Math.ceil(size / 4096) + 4)
  const handles = Array.from({ length: 200 }, (_, index) => bench.test.submit('echo', `${index} ${'x'.repeat(2000)}`))
  await Promise.all(handles)
  await expect.poll(() => bench.journal.trouble).toContain('full')
  const later = bench.test.submit('echo', 'later')
  await later
  expect(bench.notices.filter((text) => text.includes('full'))).toHaveLength(1)
  bench.journal.limitPages(1_000_000)
  await bench.journal.durable()
  expect(bench.journal.trouble).toBeNull()
  expect(bench.notices.at(-1)).toContain('can be written again')
  const rows = statesInFile(bench.path)
  expect(rows.size).toBe(202)
  expect([...rows.values()].every((state) => state === 'COMPLETED')).toBe(true)
})

test('while another program locks the file tokens go on, and all of them are written when it lets go', async () => {
  await using bench = await JournalBench.open()
  await bench.test.submit('echo', 1)
  await bench.journal.durable()
  const other = new Database(bench.path)
  other.exec('BEGIN IMMEDIATE')
  const handles = Array.from({ length: 50 }, (_, index) => bench.test.submit('echo', index))
  await Promise.all(handles)
  await expect.poll(() => bench.journal.trouble).toContain('locked by another program')
  other.exec('ROLLBACK')
  other.close()
  await bench.journal.durable()
  expect(statesInFile(bench.path).size).toBe(51)
})

test('a file that is damaged while in use is kept aside under a name that is told, and everything known is written anew', async () => {
  await using bench = await JournalBench.open()
  bench.test.command('pause', { kind: 'all' })
  const handles = Array.from({ length: 20 }, (_, index) => bench.test.submit('echo', index))
  await bench.journal.durable()
  overwrite(bench.path)
  bench.test.command('resume', { kind: 'all' })
  await Promise.all(handles)
  await expect.poll(() => bench.notices.join()).toContain('kept as')
  await bench.test.submit('echo', 'after')
  await bench.journal.durable()
  const aside = readdirSync(bench.folder).find((name) => name.includes('.damaged-') && !name.includes('-wal'))
  expect(aside).toBeDefined()
  expect(bench.notices.join()).toContain(aside)
  // One sentence says all of it, at the batch that met the damage.
  expect(bench.notices.filter((text) => text.includes('damaged'))).toHaveLength(1)
  expect(statesInFile(bench.path).size).toBe(21)
})

test('a file that is no journal at the start is kept aside, and a fresh one begins', async () => {
  await using first = await JournalBench.open()
  const path = join(first.folder, 'other.sqlite')
  writeFileSync(path, 'not a database, but somebody wrote it')
  await using bench = await JournalBench.open({}, { path })
  expect(bench.journal.opened.notices.join()).toContain(`${path}.damaged-`)
  await bench.test.submit('echo', 1)
  await bench.journal.durable()
  expect(statesInFile(path).size).toBe(1)
})

test('a file whose damage shows only when all of it is read is kept aside at the start, too', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'guardhouse-'))
  const path = join(folder, 'journal.sqlite')
  fill(path)
  // Neither the beginning, with the roots of the tables, nor the newest segments.
  overwrite(path, 40, 60)
  await using bench = await JournalBench.open({}, { path })
  expect(bench.journal.opened.notices.join()).toContain(`${path}.damaged-`)
  await bench.test.submit('echo', 1)
  await bench.journal.durable()
  expect(statesInFile(path).size).toBe(1)
  rmSync(folder, { recursive: true })
})

test('a clock that jumps back an hour changes neither order nor ids nor what is kept', async () => {
  await using bench = await JournalBench.open({ options: { historyMax: 100 } })
  await Promise.all(Array.from({ length: 150 }, (_, index) => bench.test.submit('echo', index)))
  const now = Date.now()
  vi.spyOn(Date, 'now').mockImplementation(() => now - 3_600_000)
  try {
    await Promise.all(Array.from({ length: 150 }, (_, index) => bench.test.submit('echo', index)))
    await bench.journal.durable()
    const page = await bench.tokens.query({}, { by: 'sequence', direction: 'descending' }, 0, 300)
    expect(page.rows.map((row) => row.sequence)).toEqual(Array.from({ length: 300 }, (_, index) => 300 - index))
    expect(page.rows.every(({ waited, ran }) => within(waited) && within(ran ?? 0))).toBe(true)
    const created = page.rows.map((row) => row.createdAt)
    expect(created).toEqual(created.toSorted((a, b) => b - a))
    expect(new Set(page.rows.map((row) => row.id)).size).toBe(300)
  } finally {
    vi.restoreAllMocks()
  }
})

/** Microseconds that a short token may take on a busy machine, and no hour. */
function within(time: number): boolean {
  return time >= 0 && time < 600_000_000
}

test('ten thousand operations are journaled and found by name', async () => {
  const [like] = runnableOperations()
  const moduleUrl = like?.moduleUrl ?? ''
  const operations = Array.from({ length: 10_000 }, (_, index) => ({
    operationType: `many.${index}`,
    tags: {},
    moduleUrl,
  }))
  await using bench = await JournalBench.open({ operations, started: false, options: { historyMax: 100 } })
  const ends = operations.map(({ operationType }) => bench.test.submit(operationType))
  bench.test.command('kill', { kind: 'all' })
  await Promise.allSettled(ends)
  await bench.journal.durable()
  expect(operationsInFile(bench.path)).toEqual(operations.map(({ operationType }) => operationType))
  const sort = { by: 'operation', direction: 'ascending' } as const
  for (const name of ['many.7', 'many.9000', 'many.9999']) {
    const page = await bench.tokens.query({ operations: [name] }, sort, 0, 10)
    expect(page.rows.map((row) => row.operation)).toEqual([name])
  }
})

test('of an operation that prints a hundred megabytes the beginning is kept, within bounds', async () => {
  await using bench = await JournalBench.open({ options: { historyMax: 100 } })
  const lines = 1000
  const handle = bench.test.submit('log.much', lines, 100_000)
  await handle
  const id = bench.test.idOf(handle)
  await Promise.all(Array.from({ length: 120 }, () => bench.test.submit('noop')))
  await bench.journal.durable()
  const detail = await bench.tokens.detail(id)
  expect(detail.log.length + detail.logDropped).toBe(lines)
  expect(detail.log.length).toBeGreaterThan(0)
  expect(detail.log.reduce((sum, line) => sum + line.text.length, 0)).toBeLessThanOrEqual(1 << 16)
  expect(statSync(bench.path).size).toBeLessThan(10_000_000)
})

/** A journal of many small segments. */
function fill(path: string): void {
  const store = new JournalStore(openFile(path), 0)
  const batch = new BatchWriter()
  const beside = {
    operations: [],
    audit: [],
    settings: [],
    cores: 1,
    workersPerCore: 1,
    everything: false,
    sync: false,
  }
  for (let number = 1; number <= 1000; number++) {
    for (let attempt = 2; attempt < 6; attempt++) batch.again(number, attempt)
    store.write({ ...batch.take(), ...beside, number })
  }
  store.database.close()
}

/** Writes nonsense over the pages from `from` on, before `until`; of the whole file but its first page unless they are given. */
function overwrite(path: string, from = 1, until = Number.POSITIVE_INFINITY): void {
  const other = new Database(path)
  other.pragma('wal_checkpoint(TRUNCATE)')
  other.close()
  const pages = Math.min(until, statSync(path).size / 4096) - from
  expect(pages).toBeGreaterThan(0)
  const file = openSync(path, 'r+')
  writeSync(file, Buffer.alloc(pages * 4096, 0xab), 0, pages * 4096, from * 4096)
  closeSync(file)
}
