import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { readValue } from './journal-batch.ts'
import { statesIn } from './journal-file.fixture.ts'
import { JournalStore } from './journal-store.ts'
import { KeptRecords } from './kept-records.ts'
import { migrate, migrateTo } from './migrations.ts'
import { restore } from './restore.ts'

test('a journal of a newer program is refused and left as it is', () => {
  const database = new Database(':memory:')
  database.pragma('user_version = 99')
  expect(() => migrate(database)).toThrow('version 99')
})

test('a journal of the first version keeps its tokens, the waiting and the ended, with the file becoming one of this version', () => {
  const database = new Database(':memory:')
  migrateTo(database, 1)
  const plainArguments = Buffer.from([7, 1, 0, 0, 0, 4, 42, 0, 0, 0])
  database.exec("INSERT INTO runs VALUES (3, 1000000, 1); INSERT INTO operations VALUES (5, 'sums.add')")
  const insert = database.prepare(
    `INSERT INTO tokens VALUES (@sequence, 3, 5, @created, 1, 1, 0, 0, 0, 0, @state, @core, 0, 1, 2, @ended, 1, @values, 1, @result, @detail)`,
  )
  const row = { core: 1, ended: 3, values: plainArguments, result: null, detail: null }
  insert.run({ ...row, sequence: 1, created: 10, state: 4, result: Buffer.from([4, 9, 0, 0, 0]) })
  insert.run({ ...row, sequence: 2, created: 20, state: 5, detail: '{"error":{"kind":"timeout","message":"late"}}' })
  insert.run({ ...row, sequence: 3, created: 30, state: 1, core: null, ended: null })
  migrate(database)
  expect([...statesIn(database)]).toEqual([
    [1, 'COMPLETED'],
    [2, 'FAILED'],
    [3, 'unfinished'],
  ])
  const records = new KeptRecords(database)
  const first = records.find(1, { acceptedIn: 1, endedIn: 1 })
  expect(readValue(first?.accepted.format ?? 0, first?.arguments ?? Buffer.alloc(0))?.value).toEqual([42])
  expect(readValue(first?.ended.resultFormat ?? 0, first?.result ?? Buffer.alloc(0))?.value).toBe(9)
  expect(records.find(2, { acceptedIn: 1, endedIn: 1 })?.detail).toContain('late')
  const { waiting } = restore(new JournalStore(database, 2_000_000), new Map(), 2_000_000)
  expect(waiting).toMatchObject([{ sequence: 3, id: 'sums.add_1000000030000_3', operation: 'sums.add' }])
})
