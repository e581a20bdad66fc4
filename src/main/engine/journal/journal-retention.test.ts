import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { tokenStates } from '../../../shared/model/token.ts'
import { BatchWriter } from './journal-batch.ts'
import { JournalCollectable } from './journal-collectable.ts'
import { statesIn } from './journal-file.fixture.ts'
import { JournalRetention } from './journal-retention.ts'
import { JournalStore } from './journal-store.ts'
import { migrate } from './migrations.ts'
import type { RetentionAsk } from './retention-protocol.ts'

const dayMs = 86_400_000
const began = 1_700_000_000_000

/** A journal to which one token a day was written, in a segment of its own; those in `open` have not ended. */
function journalOf(days: number, { textBytes = 0, open = [] as readonly number[] } = {}): JournalStore {
  const database = new Database(':memory:')
  database.pragma('auto_vacuum = INCREMENTAL')
  migrate(database)
  const store = new JournalStore(database, began)
  const ran = { admitted: 1, started: 2, ended: 3, core: 1, slot: 0, position: 0, flags: 0 }
  const common = { attempt: 1, operation: 0, weight: 1, parent: 0, timeout: 0, queueTimeout: 0, flags: 0 }
  for (let day = 0; day < days; day++) {
    const sequence = day + 1
    const batch = new BatchWriter()
    batch.value(['x'.repeat(textBytes)], 1 << 20)
    batch.accepted({ ...common, sequence, created: sequence })
    if (!open.includes(sequence)) {
      batch.ended({ ...ran, sequence, attempt: 1, state: tokenStates.indexOf('COMPLETED') }, '')
    }
    store.write({
      ...{ number: store.lastBatch + 1, everything: false, sync: true, ...batch.take(), audit: [], settings: [] },
      ...{ operations: [{ number: 0, name: 'sums.add', tags: {} }], cores: 1, workersPerCore: 1 },
    })
  }
  database.prepare('UPDATE segments SET written = ? + (segment - 1) * ?').run(began, dayMs)
  return store
}

function retentionOf(store: JournalStore, isStopped: () => boolean = () => false) {
  const removed: number[] = []
  const retention = new JournalRetention({
    store,
    path: '/nowhere/journal.sqlite',
    isStopped,
    removed: (sequences) => removed.push(...sequences),
  })
  const remove = (changes: Partial<Extract<RetentionAsk, { kind: 'remove' }>>) =>
    retention.remove({ kind: 'remove', writtenBefore: 0, maxBytes: null, dryRun: false, ...changes })
  return { retention, remove, removed }
}

function sequencesIn({ database }: JournalStore): number[] {
  return [...statesIn(database).keys()]
}

describe('retention of the journal', () => {
  it('tells how old what is kept is', () => {
    const now = began + 99.5 * dayMs
    const bounds = [1, 7, 30, 90, 365].map((days) => now - days * dayMs)
    const { rows, ages } = retentionOf(journalOf(100)).retention.ages(bounds)
    expect([rows, ages.map((share) => Math.round(share * 100))]).toEqual([100, [1, 6, 23, 60, 10, 0]])
    expect(retentionOf(journalOf(0)).retention.ages(bounds)).toMatchObject({ rows: 0, ages: [0, 0, 0, 0, 0, 0] })
  })

  it('removes what is too old, and a dry run tells how much that is and touches nothing', async () => {
    const store = journalOf(100)
    const { remove, removed } = retentionOf(store)
    const writtenBefore = began + 39.5 * dayMs
    expect(await remove({ writtenBefore, dryRun: true })).toMatchObject({ rows: 40 })
    expect(sequencesIn(store)).toHaveLength(100)
    expect(await remove({ writtenBefore })).toMatchObject({ rows: 40 })
    expect(sequencesIn(store)[0]).toBe(41)
    expect([removed.length, store.rows]).toEqual([40, 60])
  })

  it('leaves tokens that have not ended, and the newest segment', async () => {
    const store = journalOf(10, { open: [2] })
    await retentionOf(store).remove({ writtenBefore: began + 1000 * dayMs })
    expect(sequencesIn(store)).toEqual([2, 10])
  })

  it('removes the oldest until the rest fits', async () => {
    const store = journalOf(300, { textBytes: 6000 })
    const { remove } = retentionOf(store)
    const size = () => Number(store.database.pragma('page_count', { simple: true })) * 4096
    const maxBytes = size() / 2
    const plan = await remove({ maxBytes, dryRun: true })
    const { rows } = await remove({ maxBytes })
    expect(size()).toBeLessThanOrEqual(maxBytes)
    expect(rows).toBe(300 - sequencesIn(store).length)
    expect(Math.abs(plan.rows - rows)).toBeLessThan(30)
    expect(sequencesIn(store).at(-1)).toBe(300)
  })

  it('does nothing once it is stopped', async () => {
    const store = journalOf(10)
    await retentionOf(store, () => true).remove({ writtenBefore: began + 1000 * dayMs })
    expect(sequencesIn(store)).toHaveLength(10)
  })
})

it('asks of the journal what the warm days no longer keep', async () => {
  const asked: RetentionAsk[] = []
  const part = new JournalCollectable({
    retain: async (ask) => {
      asked.push(ask)
      return { rows: 3, bytes: 300, ages: [] }
    },
  })
  const removal = await part.collect({
    policy: { hotDays: 1, warmDays: 10, maxTotalBytes: 0 },
    maxBytes: 5,
    nowMs: began,
    dryRun: true,
    signal: new AbortController().signal,
    progress: () => undefined,
  })
  expect(asked).toEqual([{ kind: 'remove', writtenBefore: began - 10 * dayMs, maxBytes: 5, dryRun: true }])
  expect(removal).toEqual({ items: 3, bytes: 300, notes: [] })
})
