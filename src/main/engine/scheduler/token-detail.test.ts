import { describe, expect, it } from 'vitest'
import { assertDefined } from '../../../shared/assert.ts'
import { runnableOperations, TestScheduler } from './scheduler.fixture.ts'
import { until } from './until.fixture.ts'

describe('what is told of a token', () => {
  it('is when it entered each state, in order', async () => {
    await using test = await TestScheduler.create()
    const token = test.submit('count', 1)
    await token
    const { times, waited, ran, now } = test.detailOf(token)
    const { created, waiting, admitted, started, ended } = times
    const steps = [created, waiting, admitted, started, ended].map((at) =>
      assertDefined(at, 'it went through them all'),
    )
    expect(steps).toEqual([...steps].sort((a, b) => a - b))
    expect(waited).toBeCloseTo(Number(started) - created, 3)
    expect(ran).toBeCloseTo(Number(ended) - Number(started), 3)
    expect(now).toBeGreaterThanOrEqual(Number(ended))
  })

  it('has no times of states that it never entered', async () => {
    await using test = await TestScheduler.create({ started: false })
    const token = test.submit('count', 1)
    expect(Object.keys(test.detailOf(token).times)).toEqual(['created', 'waiting'])
    test.commandOn('kill', token)
    const { times, ran, route, attempts } = test.detailOf(token)
    expect(Object.keys(times)).toEqual(['created', 'waiting', 'ended'])
    expect({ ran, route }).toEqual({ ran: null, route: null })
    expect(attempts).toMatchObject([{ attempt: 1, state: 'KILLED', core: null, error: { kind: 'killed' } }])
  })

  it('is its arguments, tags, deadlines and result', async () => {
    await using test = await TestScheduler.create({
      operations: runnableOperations({ echo: { weight: 'light', timeout: 5000 } }),
    })
    const token = test.submit('echo', { a: 1 }, 'two')
    await token
    expect(test.detailOf(token)).toMatchObject({
      operation: 'echo',
      weight: 'light',
      tags: { weight: 'light', timeout: 5000 },
      deadlines: { timeout: 5000, queueTimeout: null },
      arguments: { text: "{ a: 1 }, 'two'", truncated: false },
      result: { text: '{ a: 1 }', truncated: false },
      error: null,
      attempt: 1,
    })
  })

  it('is its error instead of a result when it failed', async () => {
    await using test = await TestScheduler.create()
    const token = test.submit('fail', 'no')
    await token.then(
      () => undefined,
      () => undefined,
    )
    expect(test.detailOf(token)).toMatchObject({
      state: 'FAILED',
      result: null,
      error: { kind: 'operation-failed', name: 'RangeError', message: 'no' },
    })
  })
})

describe('the route of a token', () => {
  async function sentenceOf(test: TestScheduler, operation: string): Promise<string | undefined> {
    const token = test.submit(operation, 1)
    await token
    return test.detailOf(token).route?.sentence
  }

  it('says that there was no choice', async () => {
    await using test = await TestScheduler.create({ cores: 2 })
    expect(await sentenceOf(test, 'count.heavy')).toBe(
      'A heavy token may use only core 1. Staggered position 0 names worker 0 of core 1.',
    )
  })

  it.each([
    ['staggered', 'core 2 was the least loaded of them, in staggered order'],
    ['counting', 'core 2 was the one with the fewest placements so far'],
  ])('says why this core: %s', async (strategy, why) => {
    await using test = await TestScheduler.create({ cores: 4, options: { strategy } })
    expect(await sentenceOf(test, 'count')).toBe(
      `A medium token may use cores 2 to 4; ${why}. Staggered position 5 names worker 0 of core 2.`,
    )
  })

  it('names the worker that the token is on, also when that is not the one of its position', async () => {
    await using test = await TestScheduler.create({ options: { workersPerCore: 2, mailboxMax: 1 } })
    const holding = [1, 2].map((gate) => test.submit('hold', gate))
    await Promise.all([test.arrival(1), test.arrival(2)])
    test.board.open(2)
    await holding[1]
    // Position 2 names worker 0, which is held.
    const token = test.submit('count', 1)
    await token
    const { route, slot } = test.detailOf(token)
    expect({ slot, position: route?.position }).toEqual({ slot: 1, position: 2 })
    expect(route?.sentence).not.toContain('position 2 names worker 1')
    expect(route?.sentence).toContain('worker 1 of core 1')
    test.board.open(1)
  })
})

describe('why a token waits', () => {
  it('the scheduler has not started', async () => {
    await using test = await TestScheduler.create({ started: false, cores: 4 })
    const reason = test.detailOf(test.submit('count', 1)).waitingBecause
    expect(reason).not.toMatch(/full/)
    expect(reason).toMatch(/not (been )?started/)
  })

  it('the gate is paused', async () => {
    await using test = await TestScheduler.create()
    test.command('pause', { kind: 'all' })
    const tokens = [test.submit('count', 1), test.submit('count', 2)]
    expect(test.detailOf(assertDefined(tokens[0], 'two')).waitingBecause).toMatch(
      /^The gate was paused by a test (just now|\d+ s ago) \(the test says so\); 2 tokens wait behind it\.$/,
    )
  })

  it('its operation is paused, which outweighs the gate', async () => {
    await using test = await TestScheduler.create()
    test.command('pause', { kind: 'operation', operation: 'count' })
    test.command('pause', { kind: 'all' })
    const token = test.submit('count', 1)
    expect(test.detailOf(token).waitingBecause).toMatch(
      /^The operation count was paused by a test (just now|\d+ s ago) \(the test says so\); 1 of its tokens is held\.$/,
    )
  })

  it('it is paused itself, by whom and why, which outweighs both', async () => {
    await using test = await TestScheduler.create()
    test.command('pause', { kind: 'operation', operation: 'count' })
    const token = test.submit('count', 1)
    test.commandOn('pause', token)
    expect(test.detailOf(token).waitingBecause).toMatch(
      /^This token was paused by a test (just now|\d+ s ago) \(the test says so\); resume it to let it go\.$/,
    )
  })

  it('its core is full, and how many are ahead of it', async () => {
    await using test = await TestScheduler.create({ options: { mailboxMax: 2 } })
    const holding = test.submit('hold', 1)
    await test.arrival(1)
    const behind = test.submit('count', 1)
    await until('the mailbox is full', () => test.stateOf(behind) === 'ADMITTED')
    const [next, afterNext] = [test.submit('count', 2), test.submit('count', 3)]
    expect(test.detailOf(next).waitingBecause).toBe('Core 1 has 2 of 2 tokens in its mailboxes; it is next.')
    expect(test.detailOf(afterNext).waitingBecause).toMatch(
      /^Core 1 has 2 of 2 .*; 1 medium tokens? (is|are) ahead of it\.$/,
    )
    test.board.open(1)
    await holding
  })

  it('all cores of its weight are full', async () => {
    await using test = await TestScheduler.create({ cores: 3, options: { mailboxMax: 1, stealing: false } })
    const holding = [1, 2].map((gate) => test.submit('hold', gate))
    await Promise.all([test.arrival(1), test.arrival(2)])
    const token = test.submit('count', 1)
    expect(test.detailOf(token).waitingBecause).toBe('All mailboxes of cores 2 to 3 are full; it is next.')
    test.board.open(1)
    test.board.open(2)
    await Promise.all(holding)
  })

  it('its thread is starting', async () => {
    await using test = await TestScheduler.create()
    const token = test.submit('count', 1)
    await Promise.resolve()
    expect(test.detailOf(token)).toMatchObject({
      state: 'ADMITTED',
      waitingBecause: 'It is in the mailbox of worker 0 of core 1, whose thread is starting.',
    })
    await token
  })

  it('another token runs before it', async () => {
    await using test = await TestScheduler.create()
    const holding = test.submit('hold', 1)
    await test.arrival(1)
    await test.readyWorker(1, 0)
    const tokens = [test.submit('count', 1), test.submit('count', 2)]
    await until('both are in the mailbox', () => tokens.every((token) => test.stateOf(token) === 'ADMITTED'))
    expect(test.detailOf(assertDefined(tokens[0], 'two')).waitingBecause).toBe(
      `It is in the mailbox of worker 0 of core 1, which is running hold (token ${holding.sequence}) and has 2 more.`,
    )
    test.board.open(1)
  })

  it('it does not: it runs, or has ended', async () => {
    await using test = await TestScheduler.create()
    const token = test.submit('hold', 1)
    await test.arrival(1)
    expect(test.detailOf(token)).toMatchObject({ state: 'EXECUTING', waitingBecause: null })
    test.board.open(1)
    await token
    expect(test.detailOf(token)).toMatchObject({ state: 'COMPLETED', waitingBecause: null })
  })
})
