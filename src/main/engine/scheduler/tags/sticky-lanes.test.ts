import { describe, expect, it } from 'vitest'
import { assertDefined } from '../../../../shared/assert.ts'
import type { TestScheduler } from '../scheduler.fixture.ts'
import type { TokenHandle } from '../token-handle.ts'
import { until } from '../until.fixture.ts'
import { enterLane, overlapsOf, settled, tagScheduler } from './tags.fixture.ts'

/** By gate or lane: the first argument is the key, the whole of the others is not. */
const anchored = {
  rest: { stickyAnchor: 'gate' },
  hold: { stickyAnchor: 'gate' },
  listen: { stickyAnchor: 'gate' },
  hang: { stickyAnchor: 'gate' },
  exit: { stickyAnchor: 'gate', hashPolicy: 'NONE' },
  fail: { stickyAnchor: 'gate', hashPolicy: 'NONE' },
  'rest.heavy': { stickyAnchor: 'gate' },
  exclusive: { stickyAnchor: 'lane', hashPolicy: 'NONE' },
} as const

const pins = (test: TestScheduler) => test.stats.tags.sticky.pins
const anchorOf = (test: TestScheduler, token: TokenHandle) => test.detailOf(token).bindings.anchor
const byId = (test: TestScheduler, token: TokenHandle) => ({ kind: 'tokens' as const, ids: [test.idOf(token)] })

describe('tokens with one sticky key', () => {
  it('run one after the other, on one core, while those of other keys run', async () => {
    await using test = await tagScheduler(anchored, { cores: 3, options: { workersPerCore: 2 } })
    const [first, second, other] = [test.submit('rest', 1), test.submit('rest', 1), test.submit('rest', 2)]
    await test.arrival(1)
    await test.arrival(2)
    expect(test.stateOf(second)).toBe('WAITING')
    expect(test.detailOf(second).waitingBecause).toBe(
      `It is anchored behind token ${test.idOf(first)}: tokens with the key gate(1) run one after the other.`,
    )
    expect(anchorOf(test, second)).toMatchObject({ key: 'gate(1)', holder: test.idOf(first), tokens: 2 })
    expect(test.stats.tags.sticky).toMatchObject({ pins: 2, waiting: 1 })
    test.board.open(1)
    await Promise.all([first, second])
    expect(test.detailOf(second).core).toBe(test.detailOf(first).core)
    test.board.open(2)
    await other
    expect(pins(test)).toBe(0)
  })

  it('never overlap, in 400 tokens of many workers', async () => {
    await using test = await tagScheduler(anchored, { cores: 3, options: { workersPerCore: 3, initialPattern: 3 } })
    const tokens = Array.from({ length: 400 }, (_, index) => enterLane(test, 0, index % 3))
    await Promise.all(tokens)
    expect(overlapsOf(test)).toBe(0)
    expect(new Set(tokens.map((token) => test.detailOf(token).core)).size).toBe(1)
    expect(pins(test)).toBe(0)
  })

  it('keep their order of acceptance', async () => {
    await using test = await tagScheduler(anchored, { cores: 2 })
    const tokens = Array.from({ length: 30 }, () => enterLane(test, 0))
    await Promise.all(tokens)
    const starts = tokens.map((token) => test.detailOf(token).times.started ?? 0)
    expect(starts).toEqual([...starts].sort((a, b) => a - b))
  })

  it('are one lane as long as any of them is left, also for one that comes when the first has ended', async () => {
    const oneKey = { rest: { stickyAnchor: 'gate', hashPolicy: 'NONE' } } as const
    await using test = await tagScheduler(oneKey, { options: { workersPerCore: 2 } })
    const [first, second] = [test.submit('rest', 1), test.submit('rest', 2)]
    await test.arrival(1)
    test.board.open(1)
    await first
    await test.arrival(2)
    const third = test.submit('rest', 3)
    expect(await test.submit('echo', 'after')).toBe('after')
    expect(test.stateOf(third)).toBe('WAITING')
    expect(pins(test)).toBe(1)
    test.board.open(2)
    test.board.open(3)
    await Promise.all([second, third])
    expect(pins(test)).toBe(0)
  })

  it('hold up nobody else, however many wait', async () => {
    await using test = await tagScheduler(anchored, { options: { workersPerCore: 2, mailboxMax: 2 } })
    const first = test.submit('rest', 1)
    const behind = Array.from({ length: 50 }, () => test.submit('rest', 1))
    await test.arrival(1)
    expect(await test.submit('echo', 'free')).toBe('free')
    test.board.open(1)
    await Promise.all([first, ...behind])
  })

  it('stay on their core when another is idle', async () => {
    await using test = await tagScheduler(anchored, { cores: 2, options: { stealBudgetMs: 1000 } })
    const first = test.submit('rest', 1)
    await test.arrival(1)
    test.board.open(1)
    await first
    const pinned = Array.from({ length: 3 }, () => test.submit('rest', 2))
    await test.arrival(2)
    const core = test.detailOf(assertDefined(pinned[0], 'there are three')).core
    // Everything else of that core waits behind this one, and the other core has nothing to do.
    const blocker = test.submit('hold', 10)
    test.board.open(2)
    test.board.open(10)
    await Promise.all([...pinned, blocker])
    expect(pinned.map((token) => test.detailOf(token).core)).toEqual([core, core, core])
  })

  it('go to the core of their lane whatever their weight', async () => {
    await using test = await tagScheduler(anchored, { cores: 3 })
    const [medium, heavy] = [test.submit('rest', 5), test.submit('rest.heavy', 5)]
    await test.arrival(5)
    test.board.open(5)
    await Promise.all([medium, heavy])
    expect(test.detailOf(medium).core).not.toBe(1)
    expect(test.detailOf(heavy).core).toBe(test.detailOf(medium).core)
  })
})

describe('the turn of a key passes on', () => {
  const endings: readonly [string, (test: TestScheduler, holder: TokenHandle) => void | Promise<void>][] = [
    ['when the holder completes', (test) => test.board.open(1)],
    ['when it is killed', (test, holder) => void test.commandOn('kill', holder)],
    ['when its thread is replaced', (test, holder) => void test.commandOn('kill', holder)],
  ]
  it.each(endings)('%s', async (how, end) => {
    await using test = await tagScheduler(anchored, { options: { workersPerCore: 2, killGraceMs: 10 } })
    const holder = test.submit(how.includes('thread') ? 'hang' : how.includes('killed') ? 'listen' : 'rest', 1)
    const next = test.submit('rest', 1)
    await test.arrival(1)
    expect(test.stateOf(next)).toBe('WAITING')
    await end(test, holder)
    await settled([holder])
    await test.arrival(1, 2)
    test.board.open(1)
    expect(await next).toBe(1)
    await until('the pin is gone', () => pins(test) === 0)
  })

  it('when it fails, and when its thread dies', async () => {
    await using test = await tagScheduler(anchored)
    await settled([test.submit('fail', 'a'), test.submit('exit', 1), test.submit('fail', 'b')])
    expect(test.stats.totals.FAILED).toBe(3)
    expect(pins(test)).toBe(0)
  })

  it('when its time is up, in the queue and while it runs', async () => {
    await using test = await tagScheduler(anchored, { options: { workersPerCore: 2 } })
    const slow = test.submitWith({ timeout: 20 }, 'listen', 1)
    const late = test.submitWith({ queueTimeout: 1 }, 'rest', 1)
    await expect(slow).rejects.toMatchObject({ kind: 'timeout' })
    await expect(late).rejects.toMatchObject({ kind: 'timeout' })
    const next = test.submit('rest', 1)
    test.board.open(1)
    expect(await next).toBe(1)
    await until('the pin is gone', () => pins(test) === 0)
  })

  it('only when the code of a killed holder has stopped', async () => {
    await using test = await tagScheduler(anchored, { options: { workersPerCore: 2, killGraceMs: 600_000 } })
    const holder = test.submit('rest', 1)
    await test.arrival(1)
    const next = test.submit('rest', 1)
    test.commandOn('kill', holder)
    await settled([holder])
    expect(await test.submit('echo', 'after')).toBe('after')
    expect(test.stateOf(next)).toBe('WAITING')
    test.board.open(1)
    expect(await next).toBe(1)
    expect(pins(test)).toBe(0)
  })

  it.each(['by itself', 'with its operation'])('when the next in turn is held back before it runs, %s', async (how) => {
    await using test = await tagScheduler(anchored, { options: { workersPerCore: 1, mailboxMax: 1 } })
    const blocker = test.submit('hold', 9)
    await test.arrival(9)
    const [first, second] = [test.submit('rest', 1), test.submit('rest.heavy', 1)]
    await until('the first has the turn and waits for room', () => anchorOf(test, first)?.holder === test.idOf(first))
    const held = how === 'by itself' ? byId(test, first) : ({ kind: 'operation', operation: 'rest' } as const)
    test.command('pause', held)
    test.board.open(9)
    test.board.open(1)
    await Promise.all([blocker, second])
    expect(test.stateOf(first)).toBe('WAITING')
    test.command('resume', held)
    expect(await first).toBe(1)
    expect(pins(test)).toBe(0)
  })
})

describe('tokens that wait for the turn of their key obey', () => {
  it('pause and resume of their operation, drain, kill and stop', async () => {
    const test = await tagScheduler(anchored, { options: { workersPerCore: 2 } })
    const holder = test.submit('rest', 1)
    await test.arrival(1)
    const [killed, drained, kept, stopped] = [1, 1, 1, 1].map((gate) => test.submit('rest', gate))
    expect(test.command('pause', { kind: 'operation', operation: 'rest' }).affected).toBe(4)
    test.command('resume', { kind: 'operation', operation: 'rest' })
    for (const [command, token] of [
      ['kill', killed],
      ['drain', drained],
    ] as const) {
      expect(test.commandOn(command, assertDefined(token, 'it was submitted')).affected).toBe(1)
    }
    test.board.open(1)
    expect(await Promise.all([holder, kept])).toEqual([1, 1])
    test.command('pause', { kind: 'all' })
    await stopped
    const late = test.submit('rest', 1)
    await test.scheduler.stop({ mode: 'abort' })
    await expect(late).rejects.toMatchObject({ kind: 'killed' })
    expect(pins(test)).toBe(0)
  })

  it('a drain of everything at stop, which lets them finish', async () => {
    const test = await tagScheduler(anchored, { options: { workersPerCore: 2 } })
    const tokens = Array.from({ length: 20 }, () => enterLane(test, 0))
    expect(await test.scheduler.stop({ mode: 'drain' })).toMatchObject({ completed: 20, killed: 0 })
    await Promise.all(tokens)
  })
})

describe('a token that would wait for itself is refused', () => {
  const lead = { stickyAnchor: 'lead', hashPolicy: 'NONE' } as const

  it('below its own lane', async () => {
    await using test = await tagScheduler({ conduct: lead })
    await expect(test.submit('conduct', [['conduct', []]])).rejects.toMatchObject({
      kind: 'conflict',
      message: expect.stringContaining('would wait for ever: the lane of lead is held by a token that waits for it'),
    })
    expect(pins(test)).toBe(0)
  })

  it('where two leads hold a lane each and call into the lane of the other', async () => {
    const tags = { 'meet.a': { ...lead, stickyAnchor: 'a' }, 'meet.b': { ...lead, stickyAnchor: 'b' } }
    await using test = await tagScheduler(tags, { options: { workersPerCore: 2 } })
    const leads = [test.submit('meet.a', 1, [['meet.b', 2, []]]), test.submit('meet.b', 1, [['meet.a', 2, []]])]
    await test.arrival(1, 2)
    test.board.open(2)
    test.board.open(1)
    const ends = await Promise.allSettled(leads.map((token) => token.outcome))
    const kinds = ends.map((end) => (end.status === 'rejected' ? end.reason.kind : 'done'))
    expect(kinds.sort()).toEqual(['conflict', 'done'])
    await until('the pins are gone', () => pins(test) === 0)
  })
})

it('the lane is free for others between two attempts of a token', async () => {
  const desk = { stickyAnchor: 'desk', hashPolicy: 'NONE' } as const
  const retry = { times: 1, delay: 50_000 }
  await using test = await tagScheduler({ flaky: { ...desk, retry }, echo: desk })
  const again = test.submit('flaky', 2, 'retryable')
  await until('it waits for its second attempt', () => test.detailOf(again).attempt === 2)
  expect(await test.submit('echo', 'passes')).toBe('passes')
  test.commandOn('kill', again)
  await expect(again).rejects.toMatchObject({ kind: 'killed' })
  expect(pins(test)).toBe(0)
})
