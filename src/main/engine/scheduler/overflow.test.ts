import { describe, expect, it } from 'vitest'
import { TestScheduler } from './scheduler.fixture.ts'
import type { TokenHandle } from './token-handle.ts'
import { until } from './until.fixture.ts'

/** Core 1 takes heavy tokens only, core 2 the others. Both mailboxes take two, the running token included. */
async function fullHeavyCore(options: Readonly<Record<string, unknown>>): Promise<TestScheduler> {
  const test = await TestScheduler.create({ cores: 2, options: { mailboxMax: 2, stealing: false, ...options } })
  const executing = test.submit('hold.heavy', 1)
  await test.arrival(1)
  const behind = test.submit('count.heavy', 1)
  await until('the mailbox of core 1 is full', () => test.stateOf(behind) === 'ADMITTED')
  // The test opens gate 1 and waits for everything that it has submitted itself.
  void executing
  return test
}

async function coreOf(test: TestScheduler, token: TokenHandle): Promise<number | null> {
  await token
  return test.detailOf(token).core
}

describe('when every core of a weight is full', () => {
  it('wait: its tokens wait at the gate and others pass them', async () => {
    await using test = await fullHeavyCore({ overflow: 'wait' })
    const heavy = [test.submit('count.heavy', 2), test.submit('count.heavy', 3)]
    const others = ['count', 'count.light', 'count'].map((type, number) => test.submit(type, 10 + number))
    expect(await Promise.all(others)).toEqual([10, 11, 12])
    for (const token of heavy) expect(test.stateOf(token)).toBe('WAITING')
    test.board.open(1)
    expect(await Promise.all(heavy.map((token) => coreOf(test, token)))).toEqual([1, 1])
  })

  it('spill: they go to any core with room, and it is said of them', async () => {
    await using test = await fullHeavyCore({ overflow: 'spill' })
    const spilt = test.submit('count.heavy', 2)
    expect(await coreOf(test, spilt)).toBe(2)
    expect(test.detailOf(spilt).route).toMatchObject({ stolen: false, core: 2 })
    expect(test.detailOf(spilt).route?.sentence).toMatch(/belongs to core 1, which was full; the overflow policy/)
    test.board.open(1)
  })

  it('spill: they wait when no core has room', async () => {
    await using test = await fullHeavyCore({ overflow: 'spill' })
    const executing = test.submit('hold', 2)
    await test.arrival(2)
    const behind = test.submit('count', 1)
    const waiting = test.submit('count.heavy', 2)
    await until('core 2 is full', () => test.stateOf(behind) === 'ADMITTED')
    expect(test.stateOf(waiting)).toBe('WAITING')
    test.board.open(2)
    test.board.open(1)
    expect(await Promise.all([executing, waiting])).toEqual([2, 2])
  })

  it('reject: they fail as overloaded, and others run', async () => {
    await using test = await fullHeavyCore({ overflow: 'reject' })
    const rejected = test.submit('count.heavy', 2)
    const other = test.submit('count', 3)
    await expect(rejected.outcome).rejects.toMatchObject({
      kind: 'overloaded',
      message: expect.stringMatching(/every core for heavy tokens/),
    })
    expect(test.stateOf(rejected)).toBe('FAILED')
    expect(await other).toBe(3)
    test.board.open(1)
    expect(test.board.runs(2)).toBe(0)
  })

  it('reject: they wait all the same behind a paused gate', async () => {
    await using test = await fullHeavyCore({ overflow: 'reject' })
    test.command('pause', { kind: 'all' })
    const waiting = test.submit('count.heavy', 2)
    test.board.open(1)
    await until('core 1 is free', () => test.stats.cores[0]?.depth === 0)
    expect(test.stateOf(waiting)).toBe('WAITING')
    test.command('resume', { kind: 'all' })
    expect(await waiting).toBe(2)
  })
})

describe('at most waitingMax tokens wait', () => {
  it('further ones are refused as overloaded, and accepted again when there is room', async () => {
    await using test = await TestScheduler.create({ started: false, options: { waitingMax: 5 } })
    const tokens = Array.from({ length: 5 }, (_, number) => test.submit('count', number))
    expect(() => test.submit('count', 9)).toThrow(expect.objectContaining({ kind: 'overloaded' }))
    await test.scheduler.start()
    await Promise.all(tokens)
    expect(await test.submit('count', 9)).toBe(9)
    expect(test.board.runs(9)).toBe(1)
  })

  it.each([
    ['the gate', { kind: 'all' }],
    ['their operation', { kind: 'operation', operation: 'count' }],
  ] as const)('also of those that a pause of %s holds', async (_what, scope) => {
    await using test = await TestScheduler.create({ options: { waitingMax: 5 } })
    test.command('pause', scope)
    for (let number = 0; number < 5; number++) test.submit('count', number)
    expect(() => test.submit('count', 9)).toThrow(expect.objectContaining({ kind: 'overloaded' }))
  })

  it('also of those paused one by one', async () => {
    await using test = await TestScheduler.create({ started: false, options: { waitingMax: 5 } })
    test.commandOn('pause', ...Array.from({ length: 5 }, (_, number) => test.submit('count', number)))
    expect(() => test.submit('count', 9)).toThrow(expect.objectContaining({ kind: 'overloaded' }))
  })
})
