import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { tokenStates } from '../../../shared/model/token.ts'
import { BatchWriter, readValue } from './journal-batch.ts'
import { statesIn } from './journal-file.fixture.ts'
import type { JournalBatch } from './journal-protocol.ts'
import { acceptedFlags, valueFormats } from './journal-record.ts'
import { JournalStore } from './journal-store.ts'
import { KeptRecords } from './kept-records.ts'
import { migrate } from './migrations.ts'
import { openFile } from './open-journal.ts'
import { restore } from './restore.ts'
import { SegmentView } from './segment.ts'

const epochWall = 1_000_000

function openStore(database = new Database(':memory:')): JournalStore {
  migrate(database)
  return new JournalStore(database, epochWall)
}

interface Given {
  readonly values?: readonly unknown[]
  readonly flags?: number
  readonly parent?: number
}

function accept(batch: BatchWriter, sequence: number, { values = [], flags = 0, parent = 0 }: Given = {}): void {
  batch.value(values, 1 << 20)
  const created = sequence * 10
  batch.accepted({
    sequence,
    attempt: 1,
    operation: 0,
    created,
    weight: 1,
    parent,
    timeout: 0,
    queueTimeout: 0,
    flags,
  })
}

const ran = { admitted: 1, started: 2, ended: 3, core: 1, slot: 0, position: 0, flags: 0 }

function complete(batch: BatchWriter, sequence: number, result: unknown = undefined): void {
  if (result !== undefined) batch.value(result, 4096)
  batch.ended({ ...ran, sequence, attempt: 1, state: tokenStates.indexOf('COMPLETED') }, '')
}

function write(store: JournalStore, fill: (batch: BatchWriter) => void, changes: Partial<JournalBatch> = {}): void {
  const batch = new BatchWriter()
  fill(batch)
  store.write({
    number: store.lastBatch + 1,
    everything: false,
    sync: true,
    ...batch.take(),
    operations: [{ number: 0, name: 'sums.add', tags: { weight: 'heavy' } }],
    audit: [],
    settings: [],
    cores: 2,
    workersPerCore: 1,
    ...changes,
  })
}

/** First attempts of these tokens. */
function begun(...sequences: readonly number[]): Map<number, number> {
  return new Map(sequences.map((sequence) => [sequence, 1]))
}

const never = { maxRows: 1e9, maxBytes: 1e12, writtenBefore: 0, mostRows: 1000 }

test('values of every kind come back as they were, and what cannot be kept says so', () => {
  const batch = new BatchWriter()
  const kept = [['text', 1, null, { a: [1n] }], [new Map([[1, new Uint8Array([1, 2])]])], ['x'.repeat(10_000)]]
  for (const [index, values] of kept.entries()) accept(batch, index + 1, { values })
  accept(batch, 4, { values: [() => 1] })
  expect(batch.value(['y'.repeat(100)], 50)).toBe(false)
  const taken = batch.take()
  const view = new SegmentView(new Uint8Array(taken.records), taken.count)
  const bytes = new Uint8Array(taken.bytes)
  for (const [index, values] of kept.entries()) {
    const { at, length, format } = view.accepted(index)
    expect(readValue(format, bytes.subarray(at, at + length))?.value).toEqual(values)
  }
  expect(view.accepted(3).format).toBe(valueFormats.unkept)
})

test('large arguments are kept until their token has ended, and then no more', () => {
  const store = openStore()
  const values = ['x'.repeat(50_000)]
  write(store, (batch) => {
    accept(batch, 1, { values })
    accept(batch, 2, { values })
  })
  write(store, (batch) => complete(batch, 2))
  const [first] = restore(new JournalStore(store.database, epochWall), begun(), 0).waiting
  expect(readValue(first?.format ?? 0, first?.bytes ?? new Uint8Array(0))?.value).toEqual(values)
  expect(store.database.prepare('SELECT sequence FROM large').pluck().all()).toEqual([1])
})

test('a batch that cannot be written whole leaves nothing behind', () => {
  const store = openStore()
  write(store, (batch) => accept(batch, 1))
  const broken = [{ id: 1, at: 0, actor: null, action: '', target: '', reason: '', outcome: '' }]
  const audit = broken as unknown as JournalBatch['audit']
  expect(() => write(store, (batch) => complete(batch, 1), { audit })).toThrow('NOT NULL')
  expect([...statesIn(store.database)]).toEqual([[1, 'unfinished']])
  expect(store.rows).toBe(0)
})

test('the oldest ended tokens go first, and none that has not ended', () => {
  const store = openStore()
  for (let first = 1; first <= 10; first += 2) {
    write(store, (batch) => {
      for (const sequence of [first, first + 1]) {
        accept(batch, sequence, { values: [sequence] })
        if (sequence !== 2) complete(batch, sequence)
      }
    })
  }
  expect(store.rows).toBe(9)
  expect([...store.removeOld({ ...never, maxRows: 7 }).removed]).toEqual([1, 3, 4])
  expect(store.rows).toBe(6)
  expect([...statesIn(store.database).keys()]).toEqual([2, 5, 6, 7, 8, 9, 10])
  write(store, (batch) => complete(batch, 2))
  expect([...store.removeOld({ ...never, writtenBefore: Date.now() + 1000 }).removed]).toEqual([5, 6, 7, 8, 9, 10])
  // The newest segment stays, and with it the one whose end it holds.
  expect([...statesIn(store.database)]).toEqual([[2, 'COMPLETED']])
  write(store, (batch) => accept(batch, 11))
  expect([...store.removeOld({ ...never, maxRows: 0 }).removed]).toEqual([2])
  expect([...statesIn(store.database)]).toEqual([[11, 'unfinished']])
})

test('a token whose segment has gone before it ended comes back whole after a restart, and can be read after its end', () => {
  const store = openStore()
  write(store, (batch) => accept(batch, 1, { values: ['kept', 1] }))
  write(store, (batch) => {
    batch.again(1, 2)
    batch.held(1, true)
  })
  write(store, (batch) => accept(batch, 2))
  store.removeOld({ ...never, writtenBefore: Date.now() + 1000 })
  const later = new JournalStore(store.database, epochWall)
  const [token] = restore(later, begun(), 0).waiting
  expect(token).toMatchObject({ sequence: 1, id: 'sums.add_1000000010000_1', attempt: 2, held: true })
  expect(readValue(token?.format ?? 0, token?.bytes ?? new Uint8Array(0))?.value).toEqual(['kept', 1])
  write(later, (batch) => complete(batch, 1, 'done'))
  const places = { acceptedIn: 1, endedIn: later.lastBatch }
  const record = new KeptRecords(later.database).find(1, places)
  expect(record).toMatchObject({ epochWall, tags: { weight: 'heavy' }, accepted: { sequence: 1 } })
  expect(readValue(record?.ended.resultFormat ?? 0, record?.result ?? new Uint8Array(0))?.value).toBe('done')
})

test('the newest sequence is known also when its segment has gone', () => {
  const store = openStore()
  write(store, (batch) => {
    accept(batch, 7)
    complete(batch, 7)
  })
  write(store, (batch) => batch.again(3, 2))
  store.removeOld({ ...never, maxRows: 0 })
  expect(new JournalStore(store.database, epochWall).lastSequence).toBe(7)
})

test('everything told anew leaves each token once, with what had become of it meanwhile', () => {
  const store = openStore()
  write(store, (batch) => {
    for (const sequence of [1, 2, 3]) accept(batch, sequence)
    complete(batch, 1)
  })
  const everything = (batch: BatchWriter) => {
    for (const sequence of [1, 2, 4]) {
      accept(batch, sequence)
      complete(batch, sequence)
    }
    accept(batch, 3, { flags: acceptedFlags.held })
  }
  write(store, everything, { everything: true })
  expect(store.rows).toBe(3)
  const again = new JournalStore(store.database, epochWall)
  expect(again.rows).toBe(3)
  expect([...again.earlier.unfinished.values()].map(({ record, held }) => [record.sequence, held])).toEqual([[3, true]])
})

test('after a restart what had not begun waits, what had begun depends on its idempotence, and children follow their lead', () => {
  const database = new Database(':memory:')
  const store = openStore(database)
  write(store, (batch) => {
    accept(batch, 1, { values: [1] })
    accept(batch, 2)
    accept(batch, 3, { flags: acceptedFlags.idempotent })
    accept(batch, 4, { parent: 3 })
    accept(batch, 5, { parent: 2 })
    accept(batch, 6)
    complete(batch, 6)
    accept(batch, 7)
    batch.again(7, 2)
  })
  const next = openStore(database)
  const report = restore(next, begun(2, 3, 6, 7), 2_000_000)
  expect(report.waiting.map(({ sequence, attempt }) => [sequence, attempt])).toEqual([
    [1, 1],
    [3, 2],
    [5, 1],
    [7, 2],
  ])
  expect(report).toMatchObject({ requeued: 1, interrupted: 1, superseded: 1 })
  expect(report.waiting[0]?.id).toBe('sums.add_1000000010000_1')
  expect(next.rows).toBe(3)
  const records = new KeptRecords(database)
  const detail = (sequence: number) =>
    JSON.parse(records.find(sequence, { acceptedIn: 1, endedIn: next.lastBatch })?.detail ?? '{}')
  expect(detail(2).error).toMatchObject({ kind: 'interrupted' })
  expect(detail(4).error).toMatchObject({ kind: 'killed' })
  // Once more without anything having happened: nothing changes.
  const third = openStore(database)
  expect(restore(third, begun(), 2_000_000).waiting.map(({ sequence }) => sequence)).toEqual([1, 3, 5, 7])
})

test('after a restart a token that a lane made of a tuple does not come back beside it, nor do its children', () => {
  const { fromTuple, idempotent } = acceptedFlags
  const database = new Database(':memory:')
  write(openStore(database), (batch) => {
    accept(batch, 1, { flags: fromTuple })
    accept(batch, 2, { flags: fromTuple | idempotent })
    accept(batch, 3, { parent: 2 })
    accept(batch, 4)
  })
  const next = openStore(database)
  const report = restore(next, begun(2), 2_000_000)
  expect(report.waiting.map(({ sequence }) => sequence)).toEqual([4])
  expect(report).toMatchObject({ requeued: 0, interrupted: 0, superseded: 3 })
  const kept = new KeptRecords(database).find(1, { acceptedIn: 1, endedIn: next.lastBatch })
  expect(kept?.detail).toContain('goes back to its lane')
})

test('a batch that nobody waits for is committed without waiting for the disk, and the next one that somebody does takes it there', () => {
  const store = openStore()
  const waits = () => store.database.pragma('synchronous', { simple: true }) === 2
  write(store, (batch) => accept(batch, 1), { sync: false })
  expect(waits()).toBe(false)
  const changes = () => Number(store.database.prepare('SELECT total_changes()').pluck().get())
  const before = changes()
  write(store, () => undefined, { sync: true, operations: [] })
  expect(waits()).toBe(true)
  // A commit that changes nothing would wait for nothing.
  expect(changes()).toBeGreaterThan(before)
})

test('free pages are left for what comes, until much of the file is free', () => {
  const folder = mkdtempSync(join(tmpdir(), 'guardhouse-'))
  const store = new JournalStore(openFile(join(folder, 'journal.sqlite')), epochWall)
  const values = ['x'.repeat(10_000)]
  for (let sequence = 1; sequence <= 100; sequence++) {
    const fill = (batch: BatchWriter) => {
      accept(batch, sequence, { values })
      complete(batch, sequence)
    }
    write(store, fill, { sync: false })
  }
  const pages = () => Number(store.database.pragma('page_count', { simple: true }))
  const full = pages()
  store.removeOld({ ...never, maxRows: 90 }, false)
  store.giveBackRoom()
  expect(pages()).toBe(full)
  store.removeOld({ ...never, maxRows: 20 }, false)
  store.giveBackRoom()
  expect(pages()).toBeLessThan(full / 2)
  store.database.close()
  rmSync(folder, { recursive: true })
})
