import { describe, expect, it } from 'vitest'
import type { Tuple } from '../../../../shared/model/bus.ts'
import { until } from '../../scheduler/until.fixture.ts'
import { CallGuards } from '../kernel/call-guards.ts'
import { MemoryStore } from '../stores/memory-store.ts'
import { TupleSpace } from '../tuple-space.ts'
import { readLane } from './lane-definition.ts'
import type { LaneScheduler, TokenEnd } from './lane-execution.ts'
import { LaneRunner } from './lane-runner.ts'

const done: TokenEnd = { state: 'COMPLETED', value: null, error: null }
const failed: TokenEnd = { state: 'FAILED', value: undefined, error: { kind: 'operation-failed', message: 'no' } }

interface Call {
  readonly operation: string
  readonly argument: Tuple | readonly Tuple[]
  readonly signal: AbortSignal | undefined
  readonly end: (end: TokenEnd) => void
}

class CallList implements LaneScheduler {
  readonly calls: Call[] = []
  /** Ends calls as they come; undefined leaves them open. */
  always: (call: Call) => TokenEnd | undefined = () => undefined

  canRun(): boolean {
    return true
  }

  run(...[operation, argument, accepted, signal]: Parameters<LaneScheduler['run']>): Promise<TokenEnd> {
    return new Promise((resolve) => {
      const call: Call = { operation, argument, signal, end: resolve }
      accepted(`token ${this.calls.length}`)
      this.calls.push(call)
      const end = this.always(call)
      if (end !== undefined) resolve(end)
    })
  }

  dataOf(call: number): Record<string, { readonly digest: string }> {
    const { argument } = this.calls[call] ?? { argument: [] }
    return (argument as unknown as { data: Record<string, { digest: string }> }).data
  }

  numbers(call: number): unknown {
    const argument = this.calls[call]?.argument
    return Array.isArray(argument) ? argument.map(({ n }) => n) : (argument as Tuple | undefined)?.n
  }
}

function start(settings: object, guards = new CallGuards()) {
  const space = new TupleSpace({ store: new MemoryStore() })
  const scheduler = new CallList()
  const definition = readLane({ lane: 'work', operation: 'op', backoffMs: 0, adaptive: false, ...settings })
  const runner = new LaneRunner(definition, space, scheduler, guards)
  const notes = async () => (await space.list({ lane: 'audit' }, 0, 100)).tuples.map(({ tuple }) => tuple)
  return { space, scheduler, runner, guards, notes, [Symbol.asyncDispose]: () => runner.stop() }
}

async function fill(space: TupleSpace, count: number, fields: object = {}): Promise<void> {
  for (let n = 0; n < count; n++) await space.out({ lane: 'work', n, ...fields })
}

describe('a lane with batches', () => {
  it('deals with seven small tuples in calls of 3, 3 and 1', async () => {
    await using lane = start({ batch: 3, concurrency: 1 })
    lane.scheduler.always = () => done
    await fill(lane.space, 7)
    lane.runner.start()
    await until('all are done', () => lane.runner.report().completed === 7)
    expect(lane.scheduler.calls.map((_, call) => lane.scheduler.numbers(call))).toEqual([[0, 1, 2], [3, 4, 5], [6]])
    expect((await lane.notes()).map(({ token, batch }) => [token, batch ?? 1])).toEqual([
      ...[0, 1, 2].map(() => ['token 0', 3]),
      ...[3, 4, 5].map(() => ['token 1', 3]),
      ['token 2', 1],
    ])
  })

  it('waits for others as long as it may', async () => {
    await using lane = start({ batch: 2, batchWaitMs: 10_000, leaseMs: 60_000 })
    lane.runner.start()
    await fill(lane.space, 1)
    await until('one is held', async () => (await lane.space.lanes())[0]?.leased === 1)
    await fill(lane.space, 1)
    await until('both are called', () => lane.scheduler.calls.length === 1)
    expect(lane.scheduler.numbers(0)).toEqual([0, 0])
    lane.scheduler.calls[0]?.end(done)
  })

  it('tries the tuples of a failed batch one by one, so that only the bad one is lost', async () => {
    await using lane = start({ batch: 3, attempts: 2, concurrency: 1 })
    lane.scheduler.always = ({ argument }) => ((argument as readonly Tuple[]).some(({ n }) => n === 1) ? failed : done)
    await fill(lane.space, 3)
    lane.runner.start()
    await until('all are accounted for', () => lane.runner.report().completed + lane.runner.report().dead === 3)
    expect((await lane.space.rdp({ lane: 'dead.work' }))?.tuple).toMatchObject({ n: 1 })
    expect(lane.scheduler.calls.length).toBe(4)
  })
})

describe('a lane with a cache', () => {
  it('runs equal tuples once, also at one time, and notes which token answered the others', async () => {
    await using lane = start({ cache: true, concurrency: 8 })
    lane.runner.start()
    for (let n = 0; n < 8; n++) await lane.space.out({ lane: 'work', yool: 'llm.text.ask', data: { prompt: 'same' } })
    await until('all are taken', () => lane.runner.report().running === 8)
    expect(lane.scheduler.calls.length).toBe(1)
    lane.scheduler.calls[0]?.end(done)
    await until('all are done', () => lane.runner.report().completed === 8)
    expect(lane.runner.report().answered).toBe(7)
    expect(new Set((await lane.notes()).map(({ token }) => token))).toEqual(new Set(['token 0']))
    expect((await lane.notes()).filter(({ status }) => status === 'cached').length).toBe(7)
    await lane.space.out({ lane: 'work', yool: 'llm.text.ask', data: { prompt: 'other' } })
    await until('what is not equal runs', () => lane.scheduler.calls.length === 2)
    lane.scheduler.calls[1]?.end(done)
  })

  it('takes agents that ask for the same for equal, whatever place and authority their tree gave them', async () => {
    await using lane = start({ cache: true, concurrency: 1 })
    lane.scheduler.always = () => done
    lane.runner.start()
    for (const agent of ['x-1', 'x-2']) {
      const place = { map: [0, agent], source: `spawned_from_${agent}`, receipts: [`out@${agent}`] }
      await lane.space.out({ lane: 'work', agent, authority: `subagent_${agent}`, ...place, data: { prompt: 'same' } })
    }
    await until('both are done', () => lane.runner.report().completed === 2)
    expect([lane.scheduler.calls.length, lane.runner.report().answered]).toEqual([1, 1])
  })

  it('answers nothing across authorities, and nothing from what failed', async () => {
    await using lane = start({ cache: true, concurrency: 1, attempts: 1 })
    lane.scheduler.always = () => (lane.scheduler.calls.length === 1 ? failed : done)
    lane.runner.start()
    for (const authority of ['a', 'a', 'b', 'b']) await lane.space.out({ lane: 'work', authority, data: {} })
    await until('all are accounted for', () => lane.runner.report().completed + lane.runner.report().dead === 4)
    expect(lane.scheduler.calls.length).toBe(3)
  })
})

describe('a lane that speculates', () => {
  const settings = { speculateMs: 0, speculateWith: 'quick' }

  it('returns with the first of two tokens that completes, and stops the other', async () => {
    await using lane = start(settings)
    lane.runner.start()
    await fill(lane.space, 1, { data: { idempotent: true } })
    await until('both run', () => lane.scheduler.calls.length === 2)
    expect(lane.scheduler.calls.map(({ operation }) => operation)).toEqual(['op', 'quick'])
    lane.scheduler.calls[1]?.end(done)
    await until('it is done', () => lane.runner.report().completed === 1)
    expect(lane.scheduler.calls.map(({ signal }) => signal?.aborted)).toEqual([true, false])
    expect((await lane.notes())[0]).toMatchObject({ token: 'token 1', speculated: true })
  })

  it('goes past the wall, the cache and the compression as any other', async () => {
    await using lane = start({ ...settings, wall: 'w', cache: true, contextChars: 128 })
    lane.guards.walls.hook('w', 'a.b.ok')
    lane.runner.start()
    const data = { idempotent: true, prompt: 'p'.repeat(500) }
    await lane.space.out({ lane: 'work', yool: 'a.b.bad', data })
    await until('what the wall refuses is dead', () => lane.runner.report().dead === 1)
    for (let n = 0; n < 3; n++) await lane.space.out({ lane: 'work', yool: 'a.b.ok', data })
    await until('both run', () => lane.scheduler.calls.length === 2)
    expect([0, 1].map((call) => lane.scheduler.dataOf(call))).toMatchObject([
      { prompt: { compressed: true } },
      { prompt: { compressed: true } },
    ])
    lane.scheduler.calls[1]?.end(done)
    await until('all are done', () => lane.runner.report().completed === 3)
    expect([lane.scheduler.calls.length, lane.runner.report().answered]).toEqual([2, 2])
  })

  it('runs what is not said to be idempotent once', async () => {
    await using lane = start(settings)
    lane.scheduler.always = () => done
    lane.runner.start()
    await fill(lane.space, 3, { data: { idempotent: 1 } })
    await until('all are done', () => lane.runner.report().completed === 3)
    expect(lane.scheduler.calls.length).toBe(3)
  })
})

describe('what stands before a token', () => {
  it('keeps long texts back, and gives them by their digest while it runs', async () => {
    await using lane = start({ contextChars: 128 })
    lane.runner.start()
    const prompt = 'p'.repeat(500)
    await lane.space.out({ lane: 'work', data: { prompt, short: 'as it is' } })
    await until('it runs', () => lane.scheduler.calls.length === 1)
    const data = lane.scheduler.dataOf(0)
    expect(data).toMatchObject({ prompt: { compressed: true, original_chars: 500 }, short: 'as it is' })
    expect(lane.guards.originals.find(data.prompt?.digest ?? '')).toBe(prompt)
    lane.scheduler.calls[0]?.end(done)
  })

  it('is a wall: of the lane, and of the agent, and what it refuses is dead at once', async () => {
    await using lane = start({ wall: 'w', breakerThreshold: 1, breakerCooldownMs: 600_000 })
    lane.scheduler.always = () => done
    lane.guards.walls.hook('w', 'a.b.ok')
    lane.runner.start()
    await lane.space.out({ lane: 'work', yool: 'a.b.ok' })
    await lane.space.out({ lane: 'work', yool: 'a.b.bad' })
    await lane.space.out({ lane: 'work', yool: 'a.b.ok', wall: 'narrower' })
    await until('all are accounted for', () => lane.runner.report().completed + lane.runner.report().dead === 3)
    expect(lane.scheduler.calls.length).toBe(1)
    expect(lane.runner.report().breaker).toMatchObject({ state: 'closed', faults: 0 })
    const dead = await lane.space.list({ lane: 'dead.work' }, 0, 9)
    expect(dead.tuples.map(({ tuple }) => tuple.error)).toMatchObject([
      { kind: 'not-allowed' },
      { kind: 'not-allowed' },
    ])
  })

  it('is the breaker of a provider, one for all its lanes', async () => {
    const guards = new CallGuards()
    const settings = { provider: 'acme', breakerThreshold: 1, breakerCooldownMs: 600_000, attempts: 1 }
    await using one = start(settings, guards)
    await using other = start(settings, guards)
    one.scheduler.always = () => failed
    one.runner.start()
    await fill(one.space, 1)
    await until('one rests', () => one.runner.report().state === 'resting')
    expect(other.runner.report().state).toBe('resting')
  })
})
