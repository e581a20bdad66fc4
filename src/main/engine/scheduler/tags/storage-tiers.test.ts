import { describe, expect, it } from 'vitest'
import { assertDefined } from '../../../../shared/assert.ts'
import type { TestScheduler } from '../scheduler.fixture.ts'
import { until } from '../until.fixture.ts'
import { settled, tagScheduler } from './tags.fixture.ts'

const slow = { rest: { storageSpeed: 'SLOW' }, listen: { storageSpeed: 'SLOW' } } as const
const two = { workersPerCore: 4, initialPattern: 4, storageSlow: 2 }

function slowTier(test: TestScheduler) {
  return assertDefined(
    test.stats.tags.storage.find((tier) => tier.speed_tier === 'SLOW'),
    'there is a slow tier',
  )
}

describe('a storage tier', () => {
  it('lets so many past the gate as its limit says; who waits keeps no worker', async () => {
    await using test = await tagScheduler(slow, { options: { ...two, workersPerCore: 3, initialPattern: 3 } })
    const [first, second, third] = [1, 2, 3].map((gate) => test.submit('rest', gate))
    await test.arrival(1)
    await test.arrival(2)
    const waiting = assertDefined(third, 'there are three')
    expect(test.detailOf(waiting)).toMatchObject({
      state: 'WAITING',
      waitingBecause: 'The storage tier SLOW is full (2 of 2).',
      bindings: { storage: { tier: 'SLOW', permit: 'none' } },
    })
    expect(await test.submit('echo', 'free')).toBe('free')
    expect(slowTier(test)).toMatchObject({ max_concurrent: 2, current_active: 2, total_operations: 2, waiting: 1 })
    for (const gate of [1, 2, 3]) test.board.open(gate)
    await Promise.all([first, second, third])
    const { current_active, total_operations, total_wait_time, average_wait } = slowTier(test)
    expect({ current_active, total_operations }).toEqual({ current_active: 0, total_operations: 3 })
    expect(total_wait_time).toBeGreaterThan(0)
    expect(average_wait).toBeCloseTo(total_wait_time / 3)
  })

  it('has the limits of the original', async () => {
    await using test = await tagScheduler(slow)
    expect(test.stats.tags.storage.map((tier) => [tier.speed_tier, tier.max_concurrent])).toEqual([
      ['SLOW', 10],
      ['MODERATE', 25],
      ['FAST', 50],
      ['INSANE', 70],
    ])
  })

  it('takes a larger limit at once, and a smaller one as permits come back', async () => {
    await using test = await tagScheduler(slow, { options: two })
    const tokens = [1, 2, 3, 4].map((gate) => test.submit('rest', gate))
    await test.arrival(1)
    await test.arrival(2)
    test.scheduler.liveOptions.set({ storageSlow: 3 })
    await test.arrival(3)
    test.scheduler.liveOptions.set({ storageSlow: 1 })
    test.board.open(1)
    test.board.open(2)
    await Promise.all(tokens.slice(0, 2))
    expect(slowTier(test)).toMatchObject({ max_concurrent: 1, current_active: 1, waiting: 1 })
    test.board.open(3)
    await test.arrival(4)
    test.board.open(4)
    await Promise.all(tokens)
  })

  it('lends the permit of a lead to its children, so that leads never wait for themselves', async () => {
    await using test = await tagScheduler({ tree: { storageSpeed: 'SLOW' } }, { options: { ...two, storageSlow: 1 } })
    expect(await Promise.all([test.submit('tree', 3, 2), test.submit('tree', 2, 3)])).toEqual([15, 13])
    expect(slowTier(test)).toMatchObject({ current_active: 0, waiting: 0, total_operations: 28 })
  })

  it('keeps no lane for a token that waits for a permit, and no permit for one that waits for its lane', async () => {
    const desk = { stickyAnchor: 'desk', hashPolicy: 'NONE' } as const
    const tags = { rest: slow.rest, 'rest.heavy': { ...slow.rest, ...desk }, 'hold.light': desk } as const
    await using test = await tagScheduler(tags, { options: { ...two, storageSlow: 1 } })
    const first = test.submit('rest', 1)
    await test.arrival(1)
    const both = test.submit('rest.heavy', 2)
    // Its lane is free while it waits for the permit.
    const lane = test.submit('hold.light', 3)
    await test.arrival(3)
    const behind = test.submit('rest', 4)
    test.board.open(1)
    // The permit passes by the older token, whose lane is taken now.
    await test.arrival(4)
    expect(test.stateOf(both)).toBe('WAITING')
    for (const gate of [2, 3, 4]) test.board.open(gate)
    await Promise.all([first, both, lane, behind])
    expect(slowTier(test)).toMatchObject({ current_active: 0, waiting: 0, total_operations: 4 })
  })

  it.each(['by itself', 'with its operation'])('lets others have the permit of a token held back %s', async (how) => {
    const tags = { ...slow, 'rest.heavy': slow.rest } as const
    const options = { workersPerCore: 1, mailboxMax: 1, storageSlow: 1 }
    await using test = await tagScheduler(tags, { options })
    const blocker = test.submit('hold', 9)
    await test.arrival(9)
    const [first, second] = [test.submit('rest', 1), test.submit('rest.heavy', 1)]
    await until('the first has the permit and waits for room', () => slowTier(test).current_active === 1)
    const { storage } = test.detailOf(first).bindings
    expect(storage).toMatchObject({ tier: 'SLOW', permit: 'own' })
    const operation = { kind: 'operation', operation: 'rest' } as const
    const held = how === 'by itself' ? { kind: 'tokens' as const, ids: [test.idOf(first)] } : operation
    test.command('pause', held)
    test.board.open(9)
    test.board.open(1)
    await Promise.all([blocker, second])
    expect(test.stateOf(first)).toBe('WAITING')
    expect(slowTier(test)).toMatchObject({ current_active: 0, waiting: 0 })
    test.command('resume', held)
    expect(await first).toBe(1)
  })

  it('gets its permits back, however tokens end', async () => {
    const tags = { exclusive: { storageSpeed: 'SLOW' }, ...slow } as const
    await using test = await tagScheduler(tags, { options: { ...two, killGraceMs: 10 } })
    const endings = ['return', 'fail', 'exit', 'hang', 'return', 'fail'] as const
    const tokens = endings.map((ending, lane) => test.submit('exclusive', lane, lane + 1, 2, ending))
    const late = test.submitWith({ queueTimeout: 1 }, 'rest', 9)
    const hung = assertDefined(tokens[3], 'there are six')
    await until('the hung one runs', () => test.stateOf(hung) === 'EXECUTING' || hung.settled)
    test.commandOn('kill', hung)
    await settled([...tokens, late])
    await until('every permit is back', () => slowTier(test).current_active === 0)
    test.board.open(9)
    await test.submit('rest', 9)
  })
})

describe('tokens that wait for a tier obey', () => {
  it('pause, resume, drain, kill and stop; a paused one gives its permit to others', async () => {
    const test = await tagScheduler(slow, { options: { ...two, storageSlow: 1 } })
    const holder = test.submit('rest', 1)
    await test.arrival(1)
    const [killed, drained, paused, next] = [1, 1, 1, 1].map((gate) => test.submit('rest', gate))
    expect(test.commandOn('kill', assertDefined(killed, 'four')).affected).toBe(1)
    expect(test.commandOn('drain', assertDefined(drained, 'four')).affected).toBe(1)
    expect(test.commandOn('pause', assertDefined(paused, 'four')).affected).toBe(1)
    test.board.open(1)
    expect(await Promise.all([holder, next])).toEqual([1, 1])
    expect(test.stateOf(assertDefined(paused, 'four'))).toBe('WAITING')
    test.commandOn('resume', assertDefined(paused, 'four'))
    expect(await paused).toBe(1)
    const left = [test.submit('listen', 2), test.submit('listen', 2)]
    await test.scheduler.stop({ mode: 'abort' })
    await settled(left)
    expect(test.stats.totals.KILLED).toBe(4)
    expect(slowTier(test).waiting).toBe(0)
  })
})
