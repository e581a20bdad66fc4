import { describe, expect, it } from 'vitest'
import { assertDefined } from '../../../shared/assert.ts'
import { TestScheduler } from './scheduler.fixture.ts'
import { until } from './until.fixture.ts'

const numbers = (count: number) => Array.from({ length: count }, (_, number) => number)
const once = (count: number) => Array.from({ length: count }, () => 1)

describe('on one worker, a lead that awaits its children never blocks it', () => {
  it.each(['lead', 'lead.slow'])('with one child (%s)', async (operation) => {
    await using test = await TestScheduler.create()
    expect(await test.submit(operation, 'count', 5)).toBe(5)
    expect(test.board.runs(5)).toBe(1)
  })

  it('with more children than its mailbox holds', async () => {
    await using test = await TestScheduler.create({ options: { mailboxMax: 4 } })
    expect(await test.submit('lead.many', 'count', numbers(50))).toEqual(numbers(50))
    expect(test.board.firstRuns(50)).toEqual(once(50))
  })

  it('three deep, and thirty deep', async () => {
    await using test = await TestScheduler.create()
    expect(await test.submit('nest', 3, 0)).toBe(3)
    expect(await test.submit('nest', 30, 100)).toBe(30)
    expect(test.board.firstRuns(4)).toEqual(once(4))
  })

  it('deeper than its mailbox holds', async () => {
    await using test = await TestScheduler.create({ options: { mailboxMax: 4 } })
    expect(await test.submit('nest', 12, 0)).toBe(12)
    expect(test.board.firstRuns(13)).toEqual(once(13))
  })

  it('with more leads than its mailbox holds', async () => {
    await using test = await TestScheduler.create({ options: { mailboxMax: 8 } })
    const leads = numbers(40).map((number) => test.submit('lead.slow', 'count', number))
    expect(await Promise.all(leads)).toEqual(numbers(40))
    expect(test.board.firstRuns(40)).toEqual(once(40))
  })

  it('with a mailbox of one', async () => {
    await using test = await TestScheduler.create({ options: { mailboxMax: 1 } })
    expect(await test.submit('lead', 'count', 1)).toBe(1)
  })

  it('with other tokens before, between and behind', async () => {
    await using test = await TestScheduler.create()
    const tokens = numbers(90).map((number) =>
      number % 3 === 0 ? test.submit('lead.slow', 'count.async', number) : test.submit('count', number),
    )
    expect(await Promise.all(tokens)).toEqual(numbers(90))
    expect(test.board.firstRuns(90)).toEqual(once(90))
  })

  it('when its operations are reloaded meanwhile', async () => {
    await using test = await TestScheduler.create()
    const lead = test.submit('lead.between', 1, 'count', 7)
    await test.arrival(1)
    test.reload()
    test.board.open(1)
    expect(await lead).toBe(7)
    expect(test.board.runs(7)).toBe(1)
  })
})

describe('while a lead waits for its child', () => {
  it('it counts as executing, and its child as what runs', async () => {
    await using test = await TestScheduler.create()
    const lead = test.submit('lead.slow', 'rest', 1)
    await test.arrival(1)
    expect(test.detailOf(lead)).toMatchObject({ state: 'EXECUTING', waitingBecause: null })
    const child = assertDefined(test.detailOf(lead).children.first[0], 'the lead has a child')
    expect(test.scheduler.detail(child)).toMatchObject({ state: 'EXECUTING', operation: 'rest' })
    expect(test.worker(1, 0)).toMatchObject({ state: 'running', running: child })
    test.board.open(1)
    await lead
  })

  it('its run is counted from its start', async () => {
    await using test = await TestScheduler.create()
    const lead = test.submit('lead.slow', 'rest', 1)
    await test.arrival(1)
    const from = test.clock.now()
    await until('some time has passed', () => test.clock.now() > from + 50_000)
    const { ran } = test.detailOf(lead)
    expect(assertDefined(ran, 'it has begun')).toBeGreaterThan(50_000)
    test.board.open(1)
    await lead
  })
})

it('a token that has made a child and runs on is what its thread runs', async () => {
  await using test = await TestScheduler.create()
  const token = test.submit('launch.then.spin', 1, 'count', 5)
  await test.arrival(1)
  await until('its child is accepted', () => test.detailOf(token).children.total === 1)
  expect(test.worker(1, 0)).toMatchObject({ state: 'running', running: test.idOf(token) })
})

describe('children', () => {
  it('know their parent, and it knows them', async () => {
    await using test = await TestScheduler.create()
    const lead = test.submit('lead.many', 'count', numbers(60))
    await lead
    const { children } = test.detailOf(lead)
    expect(children.total).toBe(60)
    expect(children.first).toHaveLength(50)
    for (const child of children.first) expect(test.scheduler.detail(child).parent).toBe(test.idOf(lead))
    const sort = { by: 'sequence', direction: 'ascending' } as const
    const page = await test.scheduler.query({ parent: test.idOf(lead) }, sort, 0, 100)
    expect(page.matched).toBe(60)
    expect(test.detailOf(lead).parent).toBeNull()
  })

  it('that fail fail their parent, with the error they threw', async () => {
    await using test = await TestScheduler.create()
    const lead = test.submit('lead', 'fail', 'too much of it')
    await expect(lead.outcome).rejects.toMatchObject({
      kind: 'operation-failed',
      name: 'RangeError',
      message: 'too much of it',
      cause: { message: 'the reason behind it' },
    })
    expect(test.detailOf(lead).error?.stack).toContain('operations.fixture')
  })

  it('that do not exist fail their parent', async () => {
    await using test = await TestScheduler.create({
      operations: [{ operationType: 'lead', tags: {}, moduleUrl: TestScheduler.moduleUrl }],
    })
    await expect(test.submit('lead', 'count', 1).outcome).rejects.toMatchObject({
      kind: 'not-found',
      message: expect.stringContaining('count'),
    })
  })

  it('with arguments that cannot cross fail their parent', async () => {
    await using test = await TestScheduler.create()
    await expect(test.submit('lead.function').outcome).rejects.toMatchObject({
      kind: 'not-cloneable',
      message: expect.stringContaining('echo'),
    })
  })

  it('can be killed by their parent, once', async () => {
    await using test = await TestScheduler.create({ options: { killGraceMs: 600_000 } })
    expect(await test.submit('kill.child', 'rest', 1)).toEqual({
      killed: true,
      again: false,
      kind: 'killed',
      message: expect.stringContaining('its parent says so'),
    })
    test.board.open(1)
  })

  it('tell their status', async () => {
    await using test = await TestScheduler.create()
    expect(await test.submit('child.status', 'count', 3)).toMatchObject({
      id: expect.stringMatching(/^count_\d+_\d+$/),
      state: 'COMPLETED',
      operationType: 'count',
      age: expect.any(Number),
      waited: expect.any(Number),
      ran: expect.any(Number),
    })
  })

  it('go on when their parent does not wait for them', async () => {
    await using test = await TestScheduler.create()
    const id = await test.submit('launch', 'count', 9)
    await until('the child has run', () => test.board.runs(9) === 1)
    await test.submit('noop')
    expect(test.scheduler.detail(String(id))).toMatchObject({ state: 'COMPLETED', operation: 'count' })
  })

  it('go on when their parent is killed, and it hears of them no more', async () => {
    await using test = await TestScheduler.create()
    const lead = test.submit('lead.slow', 'rest', 1)
    await test.arrival(1)
    const child = assertDefined(test.detailOf(lead).children.first[0], 'the lead has a child')
    test.commandOn('kill', lead)
    expect(test.scheduler.detail(child).state).toBe('EXECUTING')
    test.board.open(1)
    await until('the child has ended', () => test.scheduler.detail(child).state === 'COMPLETED')
    await until('nothing is left of the lead', () => !test.detailOf(lead).stopping)
    expect(test.stateOf(lead)).toBe('KILLED')
  })

  it('of a thread that died are not taken for those of the next', async () => {
    await using test = await TestScheduler.create({ cores: 2, options: { stealing: false } })
    // Both leads make the first child of their thread; the first one's ends when the second one waits for its own.
    const first = test.submit('lead', 'rest.heavy', 1)
    await test.arrival(1)
    await expect(test.submit('exit', 1).outcome).rejects.toMatchObject({ kind: 'worker-lost' })
    await expect(first.outcome).rejects.toMatchObject({ kind: 'worker-lost' })
    const second = test.submit('lead', 'rest.heavy', 2)
    const child = () => test.detailOf(second).children.first[0]
    await until('the second lead has its child', () => child() !== undefined)
    test.board.open(1)
    await until('the first child has ended', () => test.stats.totals.COMPLETED === 1)
    expect(await test.submit('echo', 'meanwhile')).toBe('meanwhile')
    test.board.open(2)
    expect(await second).toBe(2)
  })
})

it('a lead whose thread was lent to another token shares its end, and is told why', async () => {
  await using test = await TestScheduler.create({ cores: 2, options: { stealing: false } })
  const lead = test.submit('lead.slow', 'rest.heavy', 1)
  await test.arrival(1)
  const other = test.submit('exit', 3)
  for (const token of [lead, other]) {
    await expect(token.outcome).rejects.toMatchObject({
      kind: 'worker-lost',
      message: expect.stringContaining('exit code 3'),
    })
  }
  test.board.open(1)
})
