import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { TestScheduler } from './scheduler.fixture.ts'
import type { TokenHandle } from './token-handle.ts'
import { until } from './until.fixture.ts'

function states(test: TestScheduler, tokens: readonly TokenHandle[]): string[] {
  return tokens.map((token) => test.stateOf(token))
}

/** Kernel ids of the worker threads that this scheduler has started. */
function threadsOf(test: TestScheduler): string[] {
  return test.stats.workers.flatMap(({ threadId }) => (threadId === null ? [] : [String(threadId)]))
}

function expectGone(threads: readonly string[]): void {
  expect(threads.length).toBeGreaterThan(0)
  if (process.platform !== 'linux') return
  const alive = readdirSync('/proc/self/task')
  for (const thread of threads) expect(alive).not.toContain(thread)
}

describe('a stop that drains', () => {
  it('lets everything finish that was accepted, and ends its threads', async () => {
    const test = await TestScheduler.create({ cores: 2, options: { mailboxMax: 4 } })
    const tokens = Array.from({ length: 100 }, (_, number) => test.submit(number % 2 ? 'count' : 'count.async', number))
    await test.submit('noop')
    const threads = threadsOf(test)
    expect(await test.scheduler.stop({ mode: 'drain' })).toMatchObject({ killed: 0 })
    expect(new Set(states(test, tokens))).toEqual(new Set(['COMPLETED']))
    expect(test.board.firstRuns(100)).toEqual(Array.from({ length: 100 }, () => 1))
    expectGone(threads)
  })

  it('ends every pause first: the gate, an operation, a token', async () => {
    const test = await TestScheduler.create()
    test.command('pause', { kind: 'all' })
    test.command('pause', { kind: 'operation', operation: 'count' })
    const tokens = [test.submit('count', 1), test.submit('noop'), test.submit('echo', 1)]
    test.commandOn('pause', ...tokens)
    expect(await test.scheduler.stop({ mode: 'drain' })).toEqual({ completed: 3, killed: 0 })
    expect(states(test, tokens)).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED'])
  })

  it('lets a lead that was accepted have its children', async () => {
    const test = await TestScheduler.create()
    const lead = test.submit('lead.between', 1, 'count', 3)
    await test.arrival(1)
    const stopped = test.scheduler.stop({ mode: 'drain' })
    test.board.open(1)
    expect(await lead).toBe(3)
    expect(await stopped).toEqual({ completed: 2, killed: 0 })
  })

  it('kills what is left at its deadline', async () => {
    const test = await TestScheduler.create({ options: { killGraceMs: 600_000 } })
    const endless = test.submit('spin', 1)
    await test.arrival(1)
    const behind = [test.submit('count', 1), test.submit('count', 2)]
    const threads = threadsOf(test)
    const from = test.clock.now()
    expect(await test.scheduler.stop({ mode: 'drain', deadlineMs: 100 })).toEqual({ completed: 0, killed: 3 })
    expect(test.clock.now() - from).toBeGreaterThanOrEqual(100_000)
    expect(states(test, [endless, ...behind])).toEqual(['KILLED', 'KILLED', 'KILLED'])
    expectGone(threads)
  })

  it('does not wait for its deadline when everything has ended before', async () => {
    const test = await TestScheduler.create()
    await test.submit('noop')
    const token = test.submit('count', 1)
    const from = test.clock.now()
    expect(await test.scheduler.stop({ mode: 'drain', deadlineMs: 600_000 })).toEqual({ completed: 1, killed: 0 })
    expect(await token).toBe(1)
    expect(test.clock.now() - from).toBeLessThan(15_000_000)
  })

  it('can be cut short by one that aborts, and both get the same report', async () => {
    const test = await TestScheduler.create()
    const token = test.submit('hang', 1)
    await test.arrival(1)
    const drained = test.scheduler.stop({ mode: 'drain' })
    const aborted = test.scheduler.stop({ mode: 'abort' })
    expect(await drained).toEqual({ completed: 0, killed: 1 })
    expect(await aborted).toEqual(await drained)
    expect(test.stateOf(token)).toBe('KILLED')
  })

  it('twice is one', async () => {
    const test = await TestScheduler.create()
    const token = test.submit('rest', 1)
    await test.arrival(1)
    const both = [test.scheduler.stop({ mode: 'drain' }), test.scheduler.stop({ mode: 'drain' })]
    test.board.open(1)
    expect(await Promise.all(both)).toEqual([
      { completed: 1, killed: 0 },
      { completed: 1, killed: 0 },
    ])
    expect(await token).toBe(1)
    expect(await test.scheduler.stop({ mode: 'abort' })).toEqual({ completed: 1, killed: 0 })
  })

  it('of a scheduler that was never started runs what waits', async () => {
    const test = await TestScheduler.create({ started: false })
    const token = test.submit('count', 1)
    expect(await test.scheduler.stop({ mode: 'drain' })).toEqual({ completed: 1, killed: 0 })
    expect(await token).toBe(1)
  })

  it('survives a thread that dies meanwhile', async () => {
    const test = await TestScheduler.create()
    const [death, ...others] = [test.submit('exit', 1), test.submit('count', 1), test.submit('count', 2)]
    expect(await test.scheduler.stop({ mode: 'drain' })).toEqual({ completed: 2, killed: 0 })
    await expect(death?.outcome).rejects.toMatchObject({ kind: 'worker-lost' })
    expect(states(test, others)).toEqual(['COMPLETED', 'COMPLETED'])
  })
})

describe('a stop on any number of cores', () => {
  const modes = [{ mode: 'drain', deadlineMs: 50 } as const, { mode: 'abort' } as const]
  it.each([1, 2, 8].flatMap((cores) => modes.map((mode) => ({ cores, ...mode }))))(
    'ends what never ends by itself, and every thread (%j)',
    async ({ cores, ...mode }) => {
      const test = await TestScheduler.create({ cores, options: { killGraceMs: 600_000, mailboxMax: 2 } })
      // Light tokens have the cores from 3 on, heavy ones the first: so every core has one that hears nothing.
      const endless = Array.from({ length: cores * 2 }, (_, number) =>
        test.submit(number % 2 === 0 ? 'hang' : 'hold.heavy', 1),
      )
      await test.arrival(1)
      const behind = Array.from({ length: 20 }, (_, number) => test.submit('count.light', number))
      const threads = threadsOf(test)
      const { completed, killed } = await test.scheduler.stop(mode)
      expect(completed + killed).toBe(endless.length + behind.length)
      expect(killed).toBeGreaterThanOrEqual(endless.length)
      for (const token of [...endless, ...behind]) expect(token.settled).toBe(true)
      expectGone(threads)
    },
  )
})

describe('a stop that aborts', () => {
  it.each(['spin', 'hang', 'hold', 'obey', 'listen'])(
    'kills everything, wherever it is, and ends the thread of %s',
    async (operation) => {
      const test = await TestScheduler.create({ options: { mailboxMax: 2, killGraceMs: 600_000 } })
      test.command('pause', { kind: 'operation', operation: 'echo' })
      const executing = test.submit(operation, 1)
      await test.arrival(1)
      const held = test.submit('noop')
      test.commandOn('pause', held)
      const others = [test.submit('count', 1), test.submit('count', 2), test.submit('count', 3), test.submit('echo', 1)]
      await until('one is in the mailbox', () => others.some((token) => test.stateOf(token) === 'ADMITTED'))
      const threads = threadsOf(test)
      expect(await test.scheduler.stop({ mode: 'abort' })).toEqual({ completed: 0, killed: 6 })
      for (const token of [executing, held, ...others]) {
        expect(token.settled).toBe(true)
        expect(test.stateOf(token)).toBe('KILLED')
        await expect(token.outcome).rejects.toMatchObject({ message: expect.stringContaining('stopped') })
      }
      expect(test.board.firstRuns(4)).toEqual([0, 0, 0, 0])
      expectGone(threads)
    },
  )

  it('comes through while a thread is starting', async () => {
    const test = await TestScheduler.create({ cores: 2, options: { workersPerCore: 2 } })
    const tokens = Array.from({ length: 20 }, (_, number) => test.submit('count', number))
    await Promise.resolve()
    await test.scheduler.stop({ mode: 'abort' })
    for (const token of tokens) expect(token.settled).toBe(true)
  })

  it('comes through while a thread is being replaced', async () => {
    const test = await TestScheduler.create({ options: { killGraceMs: 0 } })
    const token = test.submit('spin', 1)
    await test.arrival(1)
    test.commandOn('kill', token)
    const behind = test.submit('noop')
    await test.scheduler.stop({ mode: 'abort' })
    expect(behind.settled).toBe(true)
  })
})

describe('a stopped scheduler', () => {
  it('refuses what comes, and still answers what is asked', async () => {
    const test = await TestScheduler.create()
    const token = test.submit('echo', 'before')
    await token
    const stopping = test.scheduler.stop({ mode: 'drain' })
    expect(() => test.submit('noop')).toThrow(expect.objectContaining({ kind: 'stopped' }))
    await stopping
    expect(() => test.submit('noop')).toThrow(expect.objectContaining({ kind: 'stopped' }))
    expect(test.detailOf(token)).toMatchObject({ state: 'COMPLETED' })
    await expect(test.scheduler.start()).rejects.toMatchObject({ kind: 'conflict' })
  })
})
