import { describe, expect, it, vi } from 'vitest'
import { GuardhouseError } from '../../../../shared/errors.ts'
import type { Tuple, TupleValue } from '../../../../shared/model/bus.ts'
import { until } from '../../scheduler/until.fixture.ts'
import { MemoryStore } from '../stores/memory-store.ts'
import { TupleSpace } from '../tuple-space.ts'
import { laneDefinition, parseLaneFile, readLane } from './lane-definition.ts'
import type { LaneScheduler, TokenEnd } from './lane-execution.ts'
import { LaneRunner } from './lane-runner.ts'

const done: TokenEnd = { state: 'COMPLETED', value: null, error: null }
const failed: TokenEnd = { state: 'FAILED', value: undefined, error: { kind: 'operation-failed', message: 'no' } }

/** Runs nothing: a test ends each token by hand, or says how all of them end. */
class HandScheduler implements LaneScheduler {
  readonly open: { readonly tuple: Tuple; readonly end: (end: TokenEnd) => void }[] = []
  readonly begun: Tuple[] = []
  always: ((tuple: Tuple) => TokenEnd) | null = null
  hasOperation = true
  refuses: GuardhouseError | null = null

  canRun(): boolean {
    return this.hasOperation
  }

  run(_operation: string, tuple: Tuple, accepted: (id: string) => void): Promise<TokenEnd> {
    if (this.refuses !== null) return Promise.reject(this.refuses)
    accepted(`token ${this.begun.length}`)
    this.begun.push(tuple)
    if (this.always !== null) return Promise.resolve(this.always(tuple))
    return new Promise((resolve) => {
      this.open.push({ tuple, end: resolve })
    })
  }
}

function start(settings: object = {}, hasOperation = true) {
  const space = new TupleSpace({ store: new MemoryStore() })
  const scheduler = new HandScheduler()
  scheduler.hasOperation = hasOperation
  const definition = laneDefinition.parse({ lane: 'work', operation: 'op', backoffMs: 0, ...settings })
  const runner = new LaneRunner(definition, space, scheduler)
  runner.start()
  return { space, scheduler, runner, [Symbol.asyncDispose]: () => runner.stop() }
}

describe('a lane', () => {
  it('makes a token of each tuple, acknowledges it when that has completed, and notes it on audit', async () => {
    await using lane = start()
    const id = await lane.space.out({ lane: 'work', yool: 'agent.dev.run', n: 1 })
    await until('a token is made', () => lane.scheduler.open.length === 1)
    expect(await lane.space.lanes()).toEqual([{ lane: 'work', waiting: 0, leased: 1 }])
    lane.scheduler.open[0]?.end(done)
    expect(await lane.space.in({ lane: 'audit', tuple: id })).toMatchObject({
      yool: 'agent.dev.run',
      status: 'ok',
      token: 'token 0',
      attempt: 1,
      error: null,
    })
    await until('nothing is left', async () => (await lane.space.all()).length === 0)
  })

  it('takes nothing while its operation is not there, and then begins with every attempt left', async () => {
    await using lane = start({}, false)
    await lane.space.out({ lane: 'work', n: 1 })
    await until('it says why', () => lane.runner.report().problem?.includes('"op"') === true)
    await lane.space.out({ lane: 'work', n: 2 })
    expect(await lane.space.lanes()).toEqual([{ lane: 'work', waiting: 2, leased: 0 }])
    lane.scheduler.hasOperation = true
    lane.scheduler.always = () => done
    expect(await lane.space.in({ lane: 'audit' })).toMatchObject({ status: 'ok', attempt: 1 })
    expect(lane.runner.report().problem).toBeNull()
  })

  it('puts back what it had waited for when its operation went away meanwhile, with every attempt left', async () => {
    await using lane = start({ attempts: 1 })
    await until('it waits', () => lane.space.waiting().length === 1)
    lane.scheduler.hasOperation = false
    await lane.space.out({ lane: 'work', n: 1 })
    await until('it says why', () => lane.runner.report().problem?.includes('"op"') === true)
    expect((await lane.space.list({ lane: 'work' }, 0, 10)).tuples).toMatchObject([{ leased: false, deliveries: 0 }])
    lane.scheduler.hasOperation = true
    lane.scheduler.always = () => done
    expect(await lane.space.in({ lane: 'audit' })).toMatchObject({ status: 'ok', attempt: 1 })
  })

  it('counts no attempt while the scheduler accepts nothing', async () => {
    await using lane = start({ attempts: 1 })
    lane.scheduler.refuses = new GuardhouseError('overloaded', 'every core is full')
    await lane.space.out({ lane: 'work', n: 1 })
    await until('it says why', () => lane.runner.report().problem === 'every core is full')
    lane.scheduler.refuses = null
    lane.scheduler.always = () => done
    expect(await lane.space.in({ lane: 'audit' })).toMatchObject({ status: 'ok', attempt: 1 })
  })

  it('buries whole what is as large and as deep as a tuple may be, whatever its operation threw', async () => {
    await using lane = start({ attempts: 1 })
    const error = { kind: 'operation-failed' as const, message: '\ud800'.repeat(2 << 20) }
    lane.scheduler.always = () => ({ ...failed, error })
    let deep: TupleValue = {}
    for (let level = 1; level < 99; level++) deep = { deep }
    const tuple = { lane: 'work', deep, text: 'x'.repeat((1 << 20) - 1000) }
    const id = await lane.space.out(tuple)
    expect(await lane.space.in({ lane: 'dead.work' })).toMatchObject({ tuple: { ...tuple, id }, attempts: 1 })
    expect(await lane.space.in({ lane: 'audit' })).toMatchObject({ tuple: id, status: 'error' })
    expect(await lane.space.all()).toEqual([])
  })

  it('has no more tokens at once than its limit', async () => {
    await using lane = start({ concurrency: 2, adaptive: false })
    for (let n = 0; n < 6; n++) await lane.space.out({ lane: 'work', n })
    await until('two run', () => lane.scheduler.open.length === 2)
    expect(lane.runner.report()).toMatchObject({ running: 2, limit: 2 })
    for (let n = 0; n < 6; n++) {
      await until('one more runs', () => lane.scheduler.open.length > n)
      lane.scheduler.open[n]?.end(done)
    }
    await until('all are done', () => lane.runner.report().completed === 6)
    expect(lane.scheduler.begun.map(({ n }) => n)).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('tries a failed tuple again, and after the last attempt keeps it whole on its dead lane', async () => {
    await using lane = start({ attempts: 3 })
    lane.scheduler.always = () => failed
    const id = await lane.space.out({ lane: 'work', n: 7 })
    const dead = await lane.space.in({ lane: 'dead.work' })
    expect(dead).toMatchObject({ tuple: { id, n: 7 }, attempts: 3, error: { kind: 'operation-failed' } })
    expect(lane.scheduler.begun.length).toBe(3)
    const notes = await lane.space.list({ lane: 'audit', status: 'error' }, 0, 10)
    expect(notes.tuples.map(({ tuple }) => tuple.attempt)).toEqual([1, 2, 3])
  })

  it('takes nothing while it is paused, and goes on in the old order', async () => {
    await using lane = start({ concurrency: 1, adaptive: false })
    lane.runner.pause()
    for (const n of [1, 2]) await lane.space.out({ lane: 'work', n })
    expect(lane.runner.report().state).toBe('paused')
    expect((await lane.space.rdp({ lane: 'work' }))?.n).toBe(1)
    lane.scheduler.always = () => done
    lane.runner.resume()
    await until('both are done', () => lane.runner.report().completed === 2)
    expect(lane.scheduler.begun.map(({ n }) => n)).toEqual([1, 2])
  })

  it('rests when its operation fails again and again, and lets one token see whether it works again', async () => {
    await using lane = start({
      breakerThreshold: 2,
      breakerCooldownMs: 30,
      concurrency: 1,
      adaptive: false,
      attempts: 50,
    })
    lane.scheduler.always = () => (lane.scheduler.begun.length > 4 ? done : failed)
    await lane.space.out({ lane: 'work', n: 1 })
    await until('the lane rests', () => lane.runner.report().breaker.state === 'open')
    await until('it works again', () => lane.runner.report().completed === 1)
    expect(lane.runner.report().breaker).toMatchObject({ state: 'closed', faults: 0 })
  })

  it('renews what it holds as long as the token lives, and no longer', async () => {
    await using lane = start({ leaseMs: 100 })
    const renewed: number[] = []
    lane.runner.pause()
    const lend = lane.space.lend.bind(lane.space)
    lane.space.lend = async (wanted, options) => {
      // Lent for long, so that nothing but the renewals is short.
      const lent = await lend(wanted, { ...options, leaseMs: 600_000 })
      if (lent !== null) vi.spyOn(lent, 'renew').mockImplementation(async (forMs) => renewed.push(forMs) > 0)
      return lent
    }
    await lane.space.out({ lane: 'work' })
    lane.runner.resume()
    await until('it was renewed again and again', () => renewed.length > 3)
    expect([new Set(renewed), lane.scheduler.begun.length]).toEqual([new Set([100]), 1])
    const ended = vi.spyOn(globalThis, 'clearInterval')
    lane.scheduler.open[0]?.end(done)
    await until('it is done', () => lane.runner.report().completed === 1 && ended.mock.calls.length > 0)
    ended.mockRestore()
  })

  it('keeps the newest notes on audit only', async () => {
    await using lane = start({ concurrency: 8, adaptive: false })
    lane.scheduler.always = () => done
    const bounded: unknown[] = []
    lane.space.discard = async (...request) => bounded.push(request)
    for (let n = 0; n < 600; n++) await lane.space.out({ lane: 'work', n })
    await until('all are done', () => lane.runner.report().completed === 600)
    expect(bounded).toEqual([['audit', 10_000]])
  })

  it("does not take a person's kill for a fault of its operation, and loses nothing of what was killed", async () => {
    await using lane = start({ breakerThreshold: 1, breakerCooldownMs: 600_000, attempts: 5 })
    lane.scheduler.always = () => ({ state: 'KILLED', value: undefined, error: null })
    const id = await lane.space.out({ lane: 'work' })
    expect(await lane.space.in({ lane: 'dead.work' })).toMatchObject({ tuple: { id }, error: { state: 'KILLED' } })
    expect(lane.runner.report().breaker).toMatchObject({ state: 'closed', faults: 0 })
  })

  it('puts tuples back when their tokens cannot even be accepted, and says why', async () => {
    await using lane = start({ concurrency: 1 })
    let there = false
    lane.scheduler.run = async () => {
      if (there) return done
      throw new GuardhouseError('not-found', 'there is no operation "op"')
    }
    await lane.space.out({ lane: 'work', n: 1 })
    await until('the trouble is told', () => lane.runner.report().problem !== null)
    expect(lane.runner.report()).toMatchObject({ problem: 'there is no operation "op"', dead: 0 })
    there = true
    await until('it is done', () => lane.runner.report().completed === 1)
  })
})

describe('the file of lanes', () => {
  it('is read with its defaults', () => {
    const { lanes, walls } = parseLaneFile('{"lanes":[{"lane":"work","operation":"a.b"}],"walls":{"w":["a.b.c"]}}')
    expect(walls).toEqual({ w: ['a.b.c'] })
    expect(lanes[0]).toMatchObject({ lane: 'work', operation: 'a.b', concurrency: 4, attempts: 5 })
  })

  it('takes how many may run at once from the variables of the original where they are set', () => {
    process.env.YOOL_TUPLE_LANE_CONCURRENCY = ' 1_6 '
    process.env.YOOL_MAX_LANE_CONCURRENCY = '0'
    try {
      expect(readLane({ lane: 'a', operation: 'x' })).toMatchObject({ concurrency: 16, maxConcurrency: 64 })
      expect(readLane({ lane: 'a', operation: 'x', concurrency: 2 }).concurrency).toBe(2)
    } finally {
      delete process.env.YOOL_TUPLE_LANE_CONCURRENCY
      delete process.env.YOOL_MAX_LANE_CONCURRENCY
    }
  })

  it.each([
    ['{', 'is not JSON'],
    ['{"lanes":[{"lane":"work"}]}', 'lanes.0.operation'],
    ['{"lanes":[{"lane":"a","operation":"x","batch":5,"cache":true}]}', 'lane a: batch goes neither'],
    ['{"lanes":[{"lane":"a","operation":"x"},{"lane":"a","operation":"y"}]}', 'declares the lane a twice'],
  ])('that is wrong (%s) says where', (text, message) => {
    expect(() => parseLaneFile(text)).toThrow(message)
  })
})
