import { closeSync, openSync, readdirSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test, vi } from 'vitest'
import { runnableOperations } from '../scheduler/scheduler.fixture.ts'
import { JournalBench } from './journal-bench.fixture.ts'
import { statesInFile } from './journal-file.fixture.ts'

const patient = { timeout: 15_000 }

test('while the disk is full tokens go on, people are told once, and nothing is missing when there is room again', async () => {
  await using bench = await JournalBench.open()
  await bench.test.submit('echo', 'before')
  await bench.journal.durable()
  const { size } = statSync(bench.path)
  bench.journal.limitPages(Math.ceil(size / 4096) + 4)
  const handles = Array.from({ length: 200 }, (_, index) => bench.test.submit('echo', `${index} ${'x'.repeat(2000)}`))
  await Promise.all(handles)
  await expect.poll(() => bench.journal.trouble, patient).toContain('full')
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
  await expect.poll(() => bench.journal.trouble, patient).toContain('locked by another program')
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
  await expect.poll(() => bench.notices.join(), patient).toContain('kept as')
  await bench.test.submit('echo', 'after')
  await bench.journal.durable()
  const aside = readdirSync(bench.folder).find((name) => name.includes('.damaged-') && !name.includes('-wal'))
  expect(aside).toBeDefined()
  expect(bench.notices.join()).toContain(aside)
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

test('a file whose damage shows only behind its beginning is kept aside at the start, too', async () => {
  await using first = await JournalBench.open()
  const text = 'x'.repeat(10_000)
  await Promise.all(Array.from({ length: 50 }, (_, index) => first.test.submit('echo', index, text)))
  await first.journal.close()
  overwrite(first.path, 20)
  await using bench = await JournalBench.open({}, { path: first.path })
  expect(bench.journal.opened.notices.join()).toContain(`${first.path}.damaged-`)
  await bench.test.submit('echo', 1)
  await bench.journal.durable()
  expect(statesInFile(first.path).size).toBe(1)
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
    expect(page.rows.every((row) => row.waited >= 0 && (row.ran ?? 0) >= 0)).toBe(true)
    expect(new Set(page.rows.map((row) => row.id)).size).toBe(300)
  } finally {
    vi.restoreAllMocks()
  }
})

test('ten thousand operations are journaled and found by name', async () => {
  const [like] = runnableOperations()
  const moduleUrl = like?.moduleUrl ?? ''
  const operations = Array.from({ length: 10_000 }, (_, index) => ({
    operationType: `many.${index}`,
    tags: {},
    moduleUrl,
  }))
  await using bench = await JournalBench.open({ operations, started: false })
  for (const { operationType } of operations) bench.test.submit(operationType)
  await bench.journal.durable()
  expect(statesInFile(bench.path).size).toBe(10_000)
  const sort = { by: 'operation', direction: 'ascending' } as const
  const page = await bench.tokens.query({ operations: ['many.9999'] }, sort, 0, 10)
  expect(page.rows.map((row) => row.operation)).toEqual(['many.9999'])
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

/** Writes nonsense over everything behind the first pages. */
function overwrite(path: string, pages = 1): void {
  const other = new Database(path)
  other.pragma('wal_checkpoint(TRUNCATE)')
  other.close()
  const { size } = statSync(path)
  const file = openSync(path, 'r+')
  writeSync(file, Buffer.alloc(size - pages * 4096, 0xab), 0, size - pages * 4096, pages * 4096)
  closeSync(file)
}
