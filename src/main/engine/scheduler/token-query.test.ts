import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TokenFilter, TokenSort } from '../../../shared/contract/tokens.ts'
import { TestScheduler } from './scheduler.fixture.ts'
import type { TokenHandle } from './token-handle.ts'
import { until } from './until.fixture.ts'

const newestFirst: TokenSort = { by: 'sequence', direction: 'descending' }

describe('a page of the token table', () => {
  let test: TestScheduler
  /** By what they are: two of each end, one that runs and one that waits. */
  const tokens: Record<string, TokenHandle[]> = {}

  beforeAll(async () => {
    test = await TestScheduler.create({ cores: 2, options: { stealing: false, killGraceMs: 600_000 } })
    tokens.completed = [test.submit('echo', 'needle'), test.submit('count.heavy', 2)]
    tokens.failed = [test.submit('fail', 'a Needle in the message'), test.submit('fail', 'other')]
    tokens.killed = [test.submit('hold', 1)]
    await test.arrival(1)
    test.commandOn('kill', ...tokens.killed)
    test.board.open(1)
    await Promise.allSettled([...tokens.completed, ...tokens.failed].map((token) => token.outcome))
    tokens.lead = [test.submit('lead', 'count', 3)]
    await Promise.all(tokens.lead)
    tokens.executing = [test.submit('hold.heavy', 2)]
    await test.arrival(2)
    tokens.waiting = [test.submit('echo', { deep: ['needle'] })]
    test.commandOn('pause', ...tokens.waiting)
  })
  afterAll(async () => {
    await test[Symbol.asyncDispose]()
  })

  const all = 9

  async function find(filter: TokenFilter, sort = newestFirst): Promise<number[]> {
    const page = await test.scheduler.query(filter, sort, 0, 1000)
    expect(page.matched).toBe(page.rows.length)
    return page.rows.map((row) => row.sequence)
  }

  function sequences(...groups: string[]): number[] {
    return groups.flatMap((group) => (tokens[group] ?? []).map((token) => token.sequence)).sort((a, b) => b - a)
  }

  it('holds every token when nothing is asked for, the newest first', async () => {
    const found = await find({})
    expect(found).toEqual(Array.from({ length: all }, (_, index) => all - index))
  })

  it.each([
    ['COMPLETED', ['completed', 'lead']],
    ['FAILED', ['failed']],
    ['KILLED', ['killed']],
    ['EXECUTING', ['executing']],
    ['WAITING', ['waiting']],
    ['TIMEOUT', []],
  ] as const)('finds by state: %s', async (state, groups) => {
    const found = await find({ states: [state] })
    // The child of the lead has completed too.
    const child = state === 'COMPLETED' ? [Math.max(...sequences('lead')) + 1] : []
    expect(found).toEqual([...sequences(...groups), ...child].sort((a, b) => b - a))
  })

  it('finds by operation, by core, by parent and by all at once', async () => {
    expect(await find({ operations: ['fail'] })).toEqual(sequences('failed'))
    expect(await find({ operations: ['fail', 'hold.heavy'] })).toEqual(sequences('failed', 'executing'))
    expect(await find({ operations: ['nowhere'] })).toEqual([])
    expect(await find({ cores: [1] })).toEqual([...sequences('executing'), tokens.completed?.[1]?.sequence])
    expect(await find({ cores: [3] })).toEqual([])
    const parent = test.idOf(tokens.lead?.[0] as TokenHandle)
    expect(await find({ parent })).toEqual([Math.max(...sequences('lead')) + 1])
    expect(await find({ parent: 'lead_1_1' })).toEqual([])
    expect(await find({ operations: ['echo'], states: ['WAITING'], text: 'needle' })).toEqual(sequences('waiting'))
  })

  it('finds text in operation, id, arguments and error, without regard to case', async () => {
    expect(await find({ text: 'NEEDLE' })).toEqual(
      [tokens.completed?.[0], tokens.failed?.[0], tokens.waiting?.[0]]
        .map((token) => token?.sequence)
        .sort((a, b) => Number(b) - Number(a)),
    )
    expect(await find({ text: 'hold.heavy' })).toEqual(sequences('executing'))
    const failed = tokens.failed?.[1] as TokenHandle
    expect(await find({ text: test.idOf(failed).toUpperCase() })).toEqual([failed.sequence])
    expect(await find({ text: '' })).toHaveLength(all)
    expect(await find({ text: 'not to be found' })).toEqual([])
  })

  it.each(['sequence', 'operation', 'state', 'core', 'waited', 'ran'] as const)(
    'is sorted by %s, up and down',
    async (by) => {
      const ascending = await test.scheduler.query({}, { by, direction: 'ascending' }, 0, 100)
      const descending = await test.scheduler.query({}, { by, direction: 'descending' }, 0, 100)
      const states = ['CREATED', 'WAITING', 'ADMITTED', 'EXECUTING', 'COMPLETED', 'FAILED', 'KILLED', 'TIMEOUT']
      const key = (row: (typeof ascending.rows)[number]) =>
        by === 'state' ? states.indexOf(row.state) : (row[by] ?? -1)
      const inOrder = (a: number | string, b: number | string) => (a < b ? -1 : a > b ? 1 : 0)
      const keys = ascending.rows.map(key)
      // What still runs has run longer when it is asked again.
      if (by !== 'waited' && by !== 'ran') expect(descending.rows.map(key).sort(inOrder)).toEqual(keys)
      expect(keys).toEqual([...keys].sort(inOrder))
      expect(descending.rows.map(key)).toEqual(descending.rows.map(key).sort(inOrder).reverse())
    },
  )

  it('shows equals the newest first', async () => {
    const { rows } = await test.scheduler.query(
      { operations: ['fail'] },
      { by: 'operation', direction: 'ascending' },
      0,
      9,
    )
    expect(rows.map((row) => row.sequence)).toEqual(sequences('failed'))
  })

  it('comes in pieces that make up the whole', async () => {
    const pieces = await Promise.all([0, 4, 8, 12].map((offset) => test.scheduler.query({}, newestFirst, offset, 4)))
    expect(pieces.map((page) => page.rows.length)).toEqual([4, 4, 1, 0])
    expect(pieces.flatMap((page) => page.rows.map((row) => row.sequence))).toEqual(await find({}))
    for (const page of pieces) expect(page.matched).toBe(all)
  })

  it('tells what each row is', async () => {
    const { rows, kept, evicted } = await test.scheduler.query({ operations: ['hold.heavy'] }, newestFirst, 0, 1)
    expect(rows[0]).toMatchObject({
      id: expect.stringMatching(/^hold\.heavy_\d+_\d+$/),
      operation: 'hold.heavy',
      state: 'EXECUTING',
      weight: 'heavy',
      core: 1,
      slot: 0,
      attempt: 1,
      held: false,
      parent: null,
    })
    expect({ kept, evicted }).toEqual({ kept: all, evicted: 0 })
    const [waiting] = (await test.scheduler.query({ states: ['WAITING'] }, newestFirst, 0, 1)).rows
    expect(waiting).toMatchObject({ held: true, core: null, slot: null, ran: null })
  })

  it('has a version that changes with every token', async () => {
    const first = await test.scheduler.query({}, newestFirst, 0, 1)
    const second = await test.scheduler.query({}, newestFirst, 0, 1)
    expect(second.version).toBe(first.version)
    test.commandOn('resume', ...(tokens.waiting ?? []))
    test.commandOn('pause', ...(tokens.waiting ?? []))
    expect((await test.scheduler.query({}, newestFirst, 0, 1)).version).not.toBe(first.version)
  })
})

describe('a search over more tokens than fit one turn', () => {
  it('lets other work go on meanwhile', async () => {
    await using test = await TestScheduler.create({ started: false })
    for (let number = 0; number < 21_000; number++) test.submit('echo', number)
    let turns = 0
    let searching = true
    const count = () => {
      turns += 1
      if (searching) setImmediate(count)
    }
    setImmediate(count)
    const page = await test.scheduler.query({ text: '2099' }, newestFirst, 0, 100)
    searching = false
    expect(page.rows.map((row) => row.sequence)).toContain(20_991)
    expect(turns).toBeGreaterThanOrEqual(2)
  })

  it('shows no token that left the history while it went on', async () => {
    await using test = await TestScheduler.create({ started: false, options: { historyMax: 100 } })
    for (let number = 0; number < 12_000; number++) test.submit('echo', 'needle')
    const searching = test.scheduler.query({ text: 'needle' }, { by: 'sequence', direction: 'ascending' }, 0, 100)
    test.command('kill', { kind: 'all' })
    const page = await searching
    for (const row of page.rows) expect(row.sequence).toBeGreaterThan(0)
    expect(page.rows.length).toBeLessThanOrEqual(page.matched)
  })
})

describe('the history', () => {
  it('keeps the newest finished tokens up to its bound, and every one that has not ended', async () => {
    const historyMax = 100
    await using test = await TestScheduler.create({ options: { historyMax } })
    const held = test.submit('count', 0)
    test.commandOn('pause', held)
    const heldId = test.idOf(held)
    const tokens = Array.from({ length: 250 }, (_, number) => test.submit('count', 1 + number))
    const ids = tokens.map((token) => test.idOf(token))
    await Promise.all(tokens)
    const page = await test.scheduler.query({}, newestFirst, 0, 1000)
    expect({ kept: page.kept, evicted: page.evicted, matched: page.matched }).toEqual({
      kept: historyMax + 1,
      evicted: 150,
      matched: historyMax + 1,
    })
    expect(test.scheduler.detail(heldId).state).toBe('WAITING')
    expect(test.scheduler.detail(ids.at(-1) ?? '').state).toBe('COMPLETED')
    expect(() => test.scheduler.detail(ids[0] ?? '')).toThrow(expect.objectContaining({ kind: 'not-found' }))
    expect(() => test.scheduler.settlement(ids[0] ?? '')).toThrow(/newest 100 finished tokens|there is no token/)
    // What has left the history still counts.
    expect(test.stats.token_pool).toMatchObject({ total_created: 251, current_tokens: historyMax + 1 })
    expect(test.stats.totals.COMPLETED).toBe(250)
    test.commandOn('resume', held)
    expect(await held).toBe(0)
  })

  it('names the parent of a child also when that has left it', async () => {
    await using test = await TestScheduler.create({ options: { historyMax: 100 } })
    const lead = test.submit('launch', 'hold', 1)
    const child = String(await lead)
    await test.arrival(1)
    const filler = Array.from({ length: 120 }, () => test.submit('noop'))
    test.board.open(1)
    await Promise.all(filler)
    await until(
      'the parent is gone',
      () => test.stats.token_pool.total_created - test.stats.token_pool.current_tokens > 0,
    )
    const again = test.submit('noop')
    await again
    expect(() => test.idOf(lead)).toThrow(expect.objectContaining({ kind: 'not-found' }))
    await until('the child has ended', async () => {
      const { rows } = await test.scheduler.query({ operations: ['hold'] }, newestFirst, 0, 1)
      return rows.length === 0 || rows[0]?.state === 'COMPLETED'
    })
    const { rows } = await test.scheduler.query({ operations: ['hold'] }, newestFirst, 0, 1)
    for (const row of rows)
      expect(row).toMatchObject({ id: child, parent: expect.stringContaining(`_${lead.sequence}`) })
  })
})

describe('an id', () => {
  it.each(['', 'nonsense', 'noop_1_1', '_1_1', 'noop_1_99999999999999999999'])(
    'that is none is not found: %j',
    async (id) => {
      await using test = await TestScheduler.create({ started: false })
      test.submit('noop')
      expect(() => test.scheduler.detail(id)).toThrow(expect.objectContaining({ kind: 'not-found' }))
    },
  )

  it('names one token only: operation, time and sequence must all agree', async () => {
    await using test = await TestScheduler.create({ started: false })
    const id = test.idOf(test.submit('noop'))
    const [operation, time, sequence] = id.split('_')
    expect(test.scheduler.detail(id).id).toBe(id)
    for (const wrong of [`echo_${time}_${sequence}`, `${operation}_${BigInt(time ?? 0) + 1n}_${sequence}`]) {
      expect(() => test.scheduler.detail(wrong)).toThrow(expect.objectContaining({ kind: 'not-found' }))
    }
  })
})
