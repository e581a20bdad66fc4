import { expect, test } from 'vitest'
import type { TokenDetail, TokenFilter, TokenRow, TokenSort } from '../../../shared/contract/tokens.ts'
import { runnableOperations } from '../scheduler/scheduler.fixture.ts'
import { JournalBench } from './journal-bench.fixture.ts'

const newestFirst: TokenSort = { by: 'sequence', direction: 'descending' }
const sorts: readonly TokenSort[] = (['sequence', 'operation', 'state', 'core', 'waited', 'ran'] as const).flatMap(
  (by) => [
    { by, direction: 'ascending' },
    { by, direction: 'descending' },
  ],
)

/** A thousand tokens that have ended, of which the scheduler itself keeps the newest hundred, and ten that wait. */
async function thousand(settings: { readonly textMemory?: number } = {}): Promise<JournalBench> {
  const bench = await JournalBench.open({ options: { historyMax: 100 } }, settings)
  const handles = Array.from({ length: 1000 }, (_, index) =>
    index % 10 === 0 ? bench.test.submit('fail', `reason ${index}`) : bench.test.submit('echo', `number ${index}`),
  )
  await Promise.allSettled(handles)
  bench.test.command('pause', { kind: 'all' })
  for (let count = 0; count < 10; count++) bench.test.submit('echo', `waits ${count}`)
  await bench.journal.durable()
  return bench
}

async function everyPage(bench: JournalBench, filter: TokenFilter, sort: TokenSort, limit = 97): Promise<TokenRow[]> {
  const rows: TokenRow[] = []
  for (;;) {
    const page = await bench.tokens.query(filter, sort, rows.length, limit)
    rows.push(...page.rows)
    if (page.rows.length === 0) {
      expect(rows).toHaveLength(page.matched)
      return rows
    }
  }
}

function keyOf(row: TokenRow, by: TokenSort['by']): number | string {
  if (by === 'state') return ['CREATED', 'WAITING', 'ADMITTED', 'EXECUTING', 'COMPLETED', 'FAILED'].indexOf(row.state)
  return row[by] ?? (by === 'core' ? 0 : -1)
}

test('every token is in the list exactly once, in any order and page by page', async () => {
  await using bench = await thousand()
  for (const sort of sorts) {
    // What still waits moves through the order of waits from one page to the next, so that one is looked at in one piece.
    const rows = await everyPage(bench, {}, sort, sort.by === 'waited' ? 2000 : 97)
    expect(new Set(rows.map((row) => row.sequence)).size, sort.by).toBe(1010)
    const ended = rows.filter((row) => row.state !== 'WAITING')
    const sign = sort.direction === 'ascending' ? 1 : -1
    for (let index = 1; index < ended.length; index++) {
      const [before, after] = [ended[index - 1], ended[index]]
      if (before === undefined || after === undefined) continue
      const [a, b] = [keyOf(before, sort.by), keyOf(after, sort.by)]
      const inOrder = a === b ? before.sequence > after.sequence : (a < b ? 1 : -1) === sign
      expect(inOrder, `${sort.by} ${sort.direction} at ${index}`).toBe(true)
    }
  }
})

test('the counts of a filtered page are those of both parts', async () => {
  await using bench = await thousand()
  const page = await bench.tokens.query({ states: ['FAILED'] }, newestFirst, 0, 5)
  expect(page).toMatchObject({ matched: 100, kept: 1010, evicted: 0 })
  expect(page.rows.map((row) => row.sequence)).toEqual([991, 981, 971, 961, 951])
  const echoes = await bench.tokens.query(
    { operations: ['echo'], states: ['COMPLETED'], cores: [1] },
    newestFirst,
    0,
    1,
  )
  expect(echoes.matched).toBe(900)
  const none = await bench.tokens.query({ operations: ['no such thing'] }, newestFirst, 0, 1)
  expect(none.matched).toBe(0)
  const before = await bench.tokens.query({ acceptedUntil: 1 }, newestFirst, 0, 1)
  expect(before.matched).toBe(0)
})

test('a text is found in arguments, errors and ids of both parts', async () => {
  await using bench = await thousand()
  await expect
    .poll(async () => (await bench.tokens.query({ text: 'Number 12' }, newestFirst, 0, 100)).unsearched)
    .toBeUndefined()
  const found = async (text: string) => (await everyPage(bench, { text }, newestFirst)).map((row) => row.sequence)
  // 12, 121 to 129; 120 failed.
  expect(await found('Number 12')).toEqual([130, 129, 128, 127, 126, 125, 124, 123, 122, 13])
  expect(await found('reason 990')).toEqual([991])
  expect(await found('waits 3')).toEqual([1004])
  expect(await found('99')).toContain(100)
  const [old] = (await bench.tokens.query({}, { by: 'sequence', direction: 'ascending' }, 4, 1)).rows
  expect(await found(old?.id ?? '')).toEqual([5])
})

test('the inspector and the outcome of a token that only the journal keeps are as they were', async () => {
  await using bench = await thousand()
  const page = await bench.tokens.query({}, { by: 'sequence', direction: 'ascending' }, 0, 2)
  const [failed, echoed] = page.rows
  expect(failed).toBeDefined()
  const detail = await bench.tokens.detail(failed?.id ?? '')
  expect(detail).toMatchObject({ id: failed?.id, state: 'FAILED', error: { kind: 'operation-failed' } })
  expect(detail.arguments.text).toBe("'reason 0'")
  expect(detail.times.ended).toBeGreaterThan(detail.times.created)
  expect(await bench.tokens.detail(echoed?.id ?? '')).toMatchObject({ result: { text: "'number 1'" } })
  expect(await bench.tokens.settlement(echoed?.id ?? '')).toMatchObject({ state: 'COMPLETED', value: 'number 1' })
  await expect(bench.tokens.detail('echo_1_1')).rejects.toMatchObject({ kind: 'not-found' })
})

test('no token is missing or doubled while thousands end between the pages', async () => {
  await using bench = await JournalBench.open({ options: { historyMax: 100 } })
  const handles = Array.from({ length: 20_000 }, (_, index) => bench.test.submit('echo', index))
  const all = Promise.allSettled(handles)
  let ended = false
  void all.then(() => {
    ended = true
  })
  while (!ended) {
    const page = await bench.tokens.query({}, newestFirst, 0, 1000)
    expect(page.matched).toBe(20_000)
    expect(page.rows.map((row) => row.sequence)).toEqual(Array.from({ length: 1000 }, (_, index) => 20_000 - index))
  }
})

test('route, tags and attempts of a token are shown as they were when only the journal keeps it, with the tags it had', async () => {
  const tags = { fail: { weight: 'heavy', idempotent: true, retry: { times: 1, delay: 1, jitter: 0 } } } as const
  await using bench = await JournalBench.open({ options: { historyMax: 100 }, operations: runnableOperations(tags) })
  const handle = bench.test.submit('fail', 'no')
  await expect(handle).rejects.toThrow('no')
  const id = bench.test.idOf(handle)
  const live = bench.test.scheduler.detail(id)
  expect(live.attempts).toHaveLength(2)
  bench.test.scheduler.setOperations(runnableOperations({ fail: { weight: 'light' } }))
  await Promise.allSettled(Array.from({ length: 110 }, () => bench.test.submit('fail', 'no')))
  await bench.journal.durable()
  expect(bench.test.scheduler.keeps(id)).toBe(false)
  const kept = await bench.tokens.detail(id)
  const shown = ({ route, tags, attempts }: TokenDetail) => ({
    route,
    tags,
    attempts: attempts.map(({ attempt, state, core, slot, error }) => ({ attempt, state, core, slot, error })),
  })
  expect(shown(kept)).toEqual(shown(live))
})

test('the last words of a killed token are in its record when only the journal keeps it', async () => {
  await using bench = await JournalBench.open({ options: { historyMax: 100, killGraceMs: 600_000 } })
  const handle = bench.test.submit('tell.reason', 1, 2)
  await bench.test.arrival(1)
  bench.test.commandOn('kill', handle)
  await bench.test.arrival(2)
  const id = bench.test.idOf(handle)
  await expect.poll(() => bench.test.scheduler.detail(id).stopping).toBe(false)
  await Promise.all(Array.from({ length: 110 }, () => bench.test.submit('noop')))
  await bench.journal.durable()
  const { state, log } = await bench.tokens.detail(id)
  expect(state).toBe('KILLED')
  expect(log.map((line) => line.text)).toEqual(['killed: killed by a test: the test says so'])
})

test('the arguments of tokens that completed are found as soon as only the journal keeps them', async () => {
  await using bench = await JournalBench.open({ options: { historyMax: 100 } })
  bench.test.command('pause', { kind: 'all' })
  const handles = Array.from({ length: 300 }, (_, index) => bench.test.submit('echo', `Number ${index}`))
  await bench.journal.durable()
  bench.test.command('resume', { kind: 'all' })
  await Promise.all(handles)
  const page = await bench.tokens.query({ text: 'number' }, newestFirst, 0, 1)
  expect([page.matched, page.unsearched]).toEqual([300, undefined])
})

test('where texts do not fit in memory the answer says how many tokens were not looked at, and other questions miss none', async () => {
  await using bench = await thousand({ textMemory: 100 })
  await expect.poll(() => searched(bench, 'number')).toEqual({ unsearched: 0, unsearchable: 900 })
  const page = await bench.tokens.query({ text: 'number' }, newestFirst, 0, 100)
  // Those that the scheduler itself keeps are searched as ever.
  expect(page.matched).toBe(90)
  expect((await bench.tokens.query({ states: ['FAILED'] }, newestFirst, 0, 10)).matched).toBe(100)
  // The operation's name lies in no text.
  expect((await bench.tokens.query({ text: 'fail' }, newestFirst, 0, 10)).matched).toBe(100)
})

async function searched(bench: JournalBench, text: string) {
  const { unsearched = 0, unsearchable = 0 } = await bench.tokens.query({ text }, newestFirst, 0, 1)
  return { unsearched, unsearchable }
}
