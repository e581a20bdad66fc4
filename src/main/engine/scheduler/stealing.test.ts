import { describe, expect, it } from 'vitest'
import { runnableOperations, TestScheduler } from './scheduler.fixture.ts'
import type { TokenHandle } from './token-handle.ts'
import { until } from './until.fixture.ts'

/** Heavy tokens belong to core 1, all others to core 2. */

function coresOf(test: TestScheduler, tokens: readonly TokenHandle[]): (number | null)[] {
  return tokens.map((token) => test.detailOf(token).core)
}

const once = (count: number) => Array.from({ length: count }, () => 1)

describe('an idle core', () => {
  it('takes what waits in the mailbox of a busy one, and it is said of those tokens', async () => {
    await using test = await TestScheduler.create({ cores: 2 })
    const executing = test.submit('hold.heavy', 1)
    await test.arrival(1)
    const tokens = Array.from({ length: 50 }, (_, number) => test.submit('count.heavy', number))
    // Core 1 is held: whatever ends now has been taken by core 2.
    await Promise.all(tokens)
    expect(new Set(coresOf(test, tokens))).toEqual(new Set([2]))
    expect(test.board.firstRuns(50)).toEqual(once(50))
    const { route } = test.detailOf(tokens[0] ?? executing)
    expect(route).toMatchObject({ stolen: true, core: 2, eligibleCores: [1] })
    expect(route?.sentence).toMatch(/belongs to core 1, .*core 2 was idle and took it/)
    test.board.open(1)
    await executing
  })

  it('takes what waits at the gate because its own cores are full', async () => {
    await using test = await TestScheduler.create({ cores: 2, options: { mailboxMax: 1 } })
    const executing = test.submit('hold.heavy', 1)
    await test.arrival(1)
    const token = test.submit('count.heavy', 5)
    expect(await token).toBe(5)
    expect(test.detailOf(token).route).toMatchObject({ stolen: true, core: 2 })
    test.board.open(1)
    await executing
  })

  it('takes nothing past a paused gate', async () => {
    await using test = await TestScheduler.create({ cores: 2, options: { mailboxMax: 1 } })
    const executing = test.submit('hold.heavy', 1)
    await test.arrival(1)
    test.command('pause', { kind: 'all' })
    const waiting = test.submit('count.heavy', 5)
    test.board.open(1)
    await executing
    await until('nothing runs', () => test.stats.cores.every((core) => core.depth === 0))
    expect(test.stateOf(waiting)).toBe('WAITING')
    test.command('resume', { kind: 'all' })
    expect(await waiting).toBe(5)
  })

  it('takes one at a time of tokens that run longer than its budget', async () => {
    await using test = await TestScheduler.create({ cores: 2, options: { stealBudgetMs: 0 } })
    const executing = test.submit('hold.heavy', 1)
    await test.arrival(1)
    const tokens = [2, 3, 4].map((gate) => test.submit('hold.heavy', gate))
    await until('one of them runs on core 2', () => [2, 3, 4].some((gate) => test.board.arrived(gate) === 1))
    expect(coresOf(test, tokens).filter((core) => core === 2)).toHaveLength(1)
    for (const gate of [1, 2, 3, 4]) test.board.open(gate)
    await Promise.all([executing, ...tokens])
  })

  it('gives way to its own tokens after what it took', async () => {
    await using test = await TestScheduler.create({ cores: 2 })
    const executing = test.submit('hold.heavy', 1)
    await test.arrival(1)
    const stolen = Array.from({ length: 200 }, (_, number) => test.submit('count.heavy', number))
    const own = Array.from({ length: 20 }, (_, number) => test.submit('count', 500 + number))
    await Promise.all([...own, ...stolen])
    expect(new Set(coresOf(test, own))).toEqual(new Set([2]))
    test.board.open(1)
    await executing
  })

  it('takes nothing when stealing is off', async () => {
    await using test = await TestScheduler.create({ cores: 2, options: { stealing: false } })
    const executing = test.submit('hold.heavy', 1)
    await test.arrival(1)
    const tokens = Array.from({ length: 20 }, (_, number) => test.submit('count.heavy', number))
    const others = Array.from({ length: 20 }, (_, number) => test.submit('count', 100 + number))
    await Promise.all(others)
    expect(test.board.firstRuns(20)).toEqual(Array.from({ length: 20 }, () => 0))
    test.board.open(1)
    await Promise.all([executing, ...tokens])
    expect(new Set(coresOf(test, tokens))).toEqual(new Set([1]))
  })

  it('takes what it has room for, also when killed tokens have left places in its mailbox', async () => {
    await using test = await TestScheduler.create({ cores: 2, options: { mailboxMax: 4, stealBudgetMs: 1000 } })
    // How long these run is known, so several at once fit the budget; core 2 has not started its thread yet.
    for (let number = 0; number < 10; number++) await test.submit('count.heavy', number)
    for (let round = 0; round < 7; round++) {
      const token = test.submit('count', 50)
      await Promise.resolve()
      test.commandOn('kill', token)
    }
    const executing = test.submit('hold.heavy', 1)
    await test.arrival(1)
    const tokens = Array.from({ length: 12 }, (_, number) => test.submit('count.heavy', 20 + number))
    await Promise.all(tokens)
    test.board.open(1)
    await executing
    expect(test.board.runs(50)).toBe(0)
    for (let number = 0; number < 12; number++) expect(test.board.runs(20 + number)).toBe(1)
  })
})

it('an idle core takes from every mailbox, also when the slowest holds only what may not leave its core', async () => {
  await using test = await TestScheduler.create({
    cores: 2,
    operations: runnableOperations({ 'rest.heavy': { stickyAnchor: 'gate' } }),
    options: { workersPerCore: 2 },
  })
  const holding = [1, 2].map((gate) => test.submit('hold.heavy', gate))
  for (const gate of [1, 2]) await test.arrival(gate)
  const anchored = Array.from({ length: 20 }, (_, number) => test.submit('rest.heavy', 10 + number))
  const free = Array.from({ length: 20 }, (_, number) => test.submit('count.heavy', number))
  await Promise.all(free)
  expect(test.board.firstRuns(20)).toEqual(once(20))
  for (const gate of [1, 2, ...anchored.keys().map((number) => 10 + number)]) test.board.open(gate)
  await Promise.all([...holding, ...anchored])
})

describe('workers of one core', () => {
  it('share what waits behind one of them when another has nothing to do', async () => {
    await using test = await TestScheduler.create({ options: { workersPerCore: 2, stealing: false } })
    const executing = test.submit('hold', 1)
    await test.arrival(1)
    const tokens = Array.from({ length: 50 }, (_, number) => test.submit('count', number))
    await Promise.all(tokens)
    expect(test.board.firstRuns(50)).toEqual(once(50))
    test.board.open(1)
    await executing
  })

  it('take what waits behind another also while they have a lead that waits for its children', async () => {
    await using test = await TestScheduler.create({ options: { workersPerCore: 2, stealing: false } })
    const lead = test.submit('lead.slow', 'rest', 1)
    await test.arrival(1)
    const tokens = Array.from({ length: 20 }, (_, number) => test.submit('count', number))
    await Promise.all(tokens)
    expect(test.board.firstRuns(20)).toEqual(once(20))
    test.board.open(1)
    await lead
  })

  it('run everything once while cores and workers take from each other', async () => {
    await using test = await TestScheduler.create({ cores: 3, options: { workersPerCore: 2, mailboxMax: 8 } })
    const types = ['count.heavy', 'count', 'count.light', 'count.async']
    const tokens = Array.from({ length: 4000 }, (_, number) => test.submit(types[(number % 7) % 4] ?? 'count', number))
    await Promise.all(tokens)
    expect(test.board.firstRuns(4000)).toEqual(once(4000))
    expect(test.stats.cores.map((core) => core.depth)).toEqual([0, 0, 0])
    expect(test.stats.worker_queue.total_executed).toBe(4000)
  })
})
