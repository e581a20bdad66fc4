import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { tokenStates } from '../../../shared/model/token.ts'
import { BatchWriter, batchKinds, batchColumns as columns, readValue, valueFormats } from './journal-batch.ts'
import { JournalStore } from './journal-store.ts'
import { migrate } from './migrations.ts'
import { restore } from './restore.ts'

function openStore(): JournalStore {
  const database = new Database(':memory:')
  migrate(database)
  return new JournalStore(database, 1_000_000)
}

interface Given {
  readonly values?: readonly unknown[]
  readonly flags?: number
  readonly parent?: number
}

function accept(batch: BatchWriter, sequence: number, { values = [], flags = 0, parent = 0 }: Given = {}): void {
  const at = batch.add(batchKinds.accepted, sequence)
  batch.set(at, columns.attempt, 1)
  batch.set(at, columns.created, sequence * 10)
  batch.set(at, columns.flags, flags)
  batch.set(at, columns.parent, parent)
  batch.value(at, values, 1 << 20)
}

function complete(batch: BatchWriter, sequence: number): void {
  const at = batch.add(batchKinds.ended, sequence)
  batch.set(at, columns.attempt, 1)
  batch.set(at, columns.subject, tokenStates.indexOf('COMPLETED'))
}

function write(store: JournalStore, fill: (batch: BatchWriter) => void): void {
  const batch = new BatchWriter()
  fill(batch)
  store.write({ number: 1, ...batch.take(), operations: [[0, 'sums.add']], audit: [], settings: [] })
}

/** First attempts of these tokens. */
function begun(...sequences: readonly number[]): Map<number, number> {
  return new Map(sequences.map((sequence) => [sequence, 1]))
}

test('values of every kind come back as they were, and what cannot be kept says so', () => {
  const batch = new BatchWriter()
  const kept = [['text', 1, null, { a: [1n] }], [new Map([[1, new Uint8Array([1, 2])]])], ['x'.repeat(50_000)]]
  const positions = kept.map((values, index) => {
    const at = batch.add(batchKinds.accepted, index + 1)
    expect(batch.value(at, values, 1 << 20)).toBe(true)
    return at
  })
  const unkept = batch.add(batchKinds.accepted, 4)
  expect(batch.value(unkept, [() => 1], 1 << 20)).toBe(false)
  const tooLarge = batch.add(batchKinds.accepted, 5)
  expect(batch.value(tooLarge, ['y'.repeat(100)], 50)).toBe(false)
  const taken = batch.take()
  const numbers = new Float64Array(taken.numbers)
  const bytes = new Uint8Array(taken.bytes)
  for (const [index, at] of positions.entries()) {
    const from = numbers[at + columns.bytesAt] ?? 0
    const slice = bytes.subarray(from, from + (numbers[at + columns.bytesLength] ?? 0))
    expect(readValue(numbers[at + columns.format] ?? 0, slice)?.value).toEqual(kept[index])
  }
  expect(numbers[tooLarge + columns.format]).toBe(valueFormats.unkept)
})

test('a batch that cannot be written whole leaves nothing behind', () => {
  const store = openStore()
  const batch = new BatchWriter()
  accept(batch, 1)
  const orphan = batch.add(batchKinds.accepted, 2)
  batch.set(orphan, columns.subject, 99)
  expect(() =>
    store.write({ number: 1, ...batch.take(), operations: [[0, 'sums.add']], audit: [], settings: [] }),
  ).toThrow('before the name of its operation')
  expect(store.database.prepare('SELECT count(*) FROM tokens').pluck().get()).toBe(0)
  expect(store.rows).toBe(0)
})

test('the oldest ended tokens go first, and none that has not ended', () => {
  const store = openStore()
  write(store, (batch) => {
    for (let sequence = 1; sequence <= 10; sequence++) {
      accept(batch, sequence)
      if (sequence !== 2) complete(batch, sequence)
    }
  })
  expect(store.rows).toBe(9)
  expect([...store.prune(3, 0)]).toEqual([1, 3, 4])
  expect([...store.prune(100, 1_000_000.075)]).toEqual([5, 6, 7])
  expect(store.rows).toBe(3)
  expect(store.database.prepare('SELECT sequence FROM tokens').pluck().all()).toEqual([2, 8, 9, 10])
})

test('after a restart what had not begun waits, what had begun depends on its idempotence, and children follow their lead', () => {
  const store = openStore()
  const idempotent = 1
  write(store, (batch) => {
    accept(batch, 1, { values: [1] })
    accept(batch, 2)
    accept(batch, 3, { flags: idempotent })
    accept(batch, 4, { parent: 3 })
    accept(batch, 5, { parent: 2 })
    accept(batch, 6)
    complete(batch, 6)
    accept(batch, 7)
    batch.set(batch.add(batchKinds.again, 7), columns.attempt, 2)
  })
  const report = restore(store.database, begun(2, 3, 6, 7), 2_000_000)
  expect(report.waiting.map(({ sequence, attempt }) => [sequence, attempt])).toEqual([
    [1, 1],
    [3, 2],
    [5, 1],
    [7, 2],
  ])
  expect(report).toMatchObject({ requeued: 1, interrupted: 1, superseded: 1 })
  const detail = (sequence: number) =>
    JSON.parse(String(store.database.prepare('SELECT detail FROM tokens WHERE sequence = ?').pluck().get(sequence)))
  expect(detail(2).error).toMatchObject({ kind: 'interrupted' })
  expect(detail(4).error).toMatchObject({ kind: 'killed' })
  expect(report.waiting[0]?.id).toBe('sums.add_1000000010000_1')
  // Once more without anything having happened: nothing changes.
  expect(restore(store.database, begun(), 2_000_000).waiting.map(({ sequence }) => sequence)).toEqual([1, 3, 5, 7])
})

test('a journal of a newer program is refused and left as it is', () => {
  const database = new Database(':memory:')
  database.pragma('user_version = 99')
  expect(() => migrate(database)).toThrow('version 99')
})
