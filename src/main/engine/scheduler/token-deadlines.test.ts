import { describe, expect, it } from 'vitest'
import { assertDefined } from '../../../shared/assert.ts'
import { runnableOperations, TestScheduler } from './scheduler.fixture.ts'
import type { TokenHandle } from './token-handle.ts'
import { until } from './until.fixture.ts'

async function expectTimeout(token: TokenHandle, message: RegExp): Promise<void> {
  const refusal: unknown = await token.then(
    () => 'completed',
    (error: unknown) => error,
  )
  expect(refusal).toMatchObject({ kind: 'timeout', message: expect.stringMatching(message) })
}

describe('a queueTimeout', () => {
  it('ends a token that waits behind a paused gate, its operation or by itself', async () => {
    await using test = await TestScheduler.create({ started: false })
    test.command('pause', { kind: 'operation', operation: 'count' })
    const waiting = ['noop', 'count', 'echo'].map((type, number) => test.submitWith({ queueTimeout: 5 }, type, number))
    test.commandOn('pause', assertDefined(waiting[2], 'three were submitted'))
    for (const token of waiting) {
      await expectTimeout(token, /waited longer than its queueTimeout of 5 ms/)
      expect(test.stateOf(token)).toBe('TIMEOUT')
    }
    expect(test.stats.token_pool.tokens_by_state).toMatchObject({ TIMEOUT: 3, WAITING: 0 })
  })

  it('ends a token in a mailbox, which then never runs', async () => {
    await using test = await TestScheduler.create()
    const executing = test.submit('hold', 1)
    await test.arrival(1)
    const token = test.submitWith({ queueTimeout: 300 }, 'count', 7)
    await until('it is in the mailbox', () => test.stateOf(token) === 'ADMITTED')
    await expectTimeout(token, /queueTimeout of 300 ms/)
    test.board.open(1)
    await executing
    await test.submit('noop')
    expect(test.board.runs(7)).toBe(0)
  })

  it('leaves its place in a mailbox to the next that waits, though nothing else happens', async () => {
    await using test = await TestScheduler.create({ cores: 1, options: { workersPerCore: 1, mailboxMax: 2 } })
    const executing = test.submit('hold', 1)
    await test.arrival(1)
    const expires = test.submitWith({ queueTimeout: 300 }, 'count', 7)
    const next = test.submit('count', 8)
    await until('one is in the mailbox', () => test.stateOf(expires) === 'ADMITTED')
    expect(test.stateOf(next)).toBe('WAITING')
    await expectTimeout(expires, /queueTimeout of 300 ms/)
    await until('the next has its place', () => test.stateOf(next) === 'ADMITTED')
    test.board.open(1)
    await Promise.all([executing, next])
  })

  it('does not touch a token that has begun', async () => {
    await using test = await TestScheduler.create()
    await test.submit('noop')
    const token = test.submitWith({ queueTimeout: 1000 }, 'hold', 1)
    await test.arrival(1)
    const { createdAt } = test.detailOf(token)
    await until('its queueTimeout has passed', () => test.clock.now() > createdAt + 1_050_000)
    expect(test.stateOf(token)).toBe('EXECUTING')
    test.board.open(1)
    expect(await token).toBe(1)
  })
})

describe('a timeout', () => {
  it('ends an asynchronous operation that never ends, and its thread after the grace period', async () => {
    await using test = await TestScheduler.create({ options: { killGraceMs: 20 } })
    const token = test.submitWith({ timeout: 50 }, 'hang', 1)
    await expectTimeout(token, /ran longer than its timeout of 50 ms/)
    expect(test.stateOf(token)).toBe('TIMEOUT')
    expect(await test.submit('echo', 'after')).toBe('after')
    expect(test.worker(1, 0)?.restarts).toBe(1)
  })

  it('ends an operation that never yields', async () => {
    await using test = await TestScheduler.create({ options: { killGraceMs: 20 } })
    const token = test.submitWith({ timeout: 50 }, 'spin', 1)
    await expectTimeout(token, /timeout of 50 ms/)
    expect(await test.submit('echo', 'after')).toBe('after')
    expect(test.worker(1, 0)?.restarts).toBe(1)
  })

  it('lets an operation that looks at its signal keep its thread', async () => {
    await using test = await TestScheduler.create({ options: { killGraceMs: 60_000 } })
    const token = test.submitWith({ timeout: 50 }, 'obey', 1)
    await expectTimeout(token, /timeout of 50 ms/)
    expect(await test.submit('echo', 'after')).toBe('after')
    expect(test.worker(1, 0)?.restarts).toBe(0)
  })

  it('comes from the tag of the operation, and a call may have its own', async () => {
    await using test = await TestScheduler.create({
      operations: runnableOperations({ rest: { timeout: 20, queueTimeout: 60_000 } }),
    })
    const [byTag, byCall] = [test.submit('rest', 1), test.submitWith({ timeout: 50_000 }, 'rest', 2)]
    expect(test.detailOf(byTag).deadlines).toEqual({ queueTimeout: 60_000, timeout: 20 })
    expect(test.detailOf(byCall).deadlines).toEqual({ queueTimeout: 60_000, timeout: 50_000 })
    await expectTimeout(byTag, /timeout of 20 ms/)
    test.board.open(1)
    test.board.open(2)
    expect(await byCall).toBe(2)
  })

  it('counts the run alone, not the wait before it', async () => {
    await using test = await TestScheduler.create()
    const first = test.submit('hold', 1)
    const token = test.submitWith({ timeout: 400 }, 'hold', 2)
    await test.arrival(1)
    const { createdAt } = test.detailOf(token)
    await until('it has waited longer than it may run', () => test.clock.now() > createdAt + 450_000)
    test.board.open(1)
    test.board.open(2)
    expect(await first).toBe(1)
    expect(await token).toBe(2)
  })

  it('of a token that waits for its child is no longer than that of any other', async () => {
    await using test = await TestScheduler.create({
      options: { workersPerCore: 3, initialPattern: 3, killGraceMs: 20 },
    })
    await test.submit('lead', 'noop')
    const timeout = 1000
    const token = test.submitWith({ timeout }, 'lead.slow', 'rest', 1)
    await test.arrival(1)
    // It begins later and may run longer: were the wait for the child not counted, its time would be up first.
    const other = test.submitWith({ timeout: timeout * 1.5 }, 'obey', 2)
    await expectTimeout(token, /timeout of 1000 ms/)
    await expectTimeout(other, /timeout of 1500 ms/)
    const [first, second] = [test.detailOf(token), test.detailOf(other)]
    expect(assertDefined(first.ran, 'it has run')).toBeGreaterThan(timeout * 1000)
    expect(first.times.ended).toBeLessThan(assertDefined(second.times.ended, 'it has ended'))
    test.board.open(1)
  })

  it('is forgotten when the token ends in time', async () => {
    await using test = await TestScheduler.create()
    const token = test.submitWith({ timeout: 10_000, queueTimeout: 10_000 }, 'echo', 'in time')
    expect(await token).toBe('in time')
    const killed = test.submitWith({ timeout: 1, queueTimeout: 1 }, 'rest', 1)
    test.commandOn('kill', killed)
    const { createdAt } = test.detailOf(killed)
    await until('its deadlines have passed', () => test.clock.now() > createdAt + 20_000)
    expect(test.stateOf(killed)).toBe('KILLED')
  })
})
