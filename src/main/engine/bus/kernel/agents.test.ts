import { hash } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import type { Agent } from '../../../../shared/model/kernel.ts'
import { until } from '../../scheduler/until.fixture.ts'
import { compileMatcher } from '../matcher.ts'
import { SpaceObservers } from '../space-observers.ts'
import { MemoryStore } from '../stores/memory-store.ts'
import type { TupleStore } from '../stores/tuple-store.ts'
import { TupleSpace } from '../tuple-space.ts'
import { AgentRegistry } from './agent-registry.ts'
import { CallGuards } from './call-guards.ts'
import { Kernel } from './kernel.ts'
import { type KernelPolicy, kernelPolicyFrom } from './kernel-policy.ts'

function start(policy: Partial<KernelPolicy> = {}, store: TupleStore = new MemoryStore()) {
  const registry = new AgentRegistry()
  const guards = new CallGuards()
  const space = new TupleSpace({ store, observer: new SpaceObservers(registry) })
  const kernel = new Kernel({ space, registry, guards, policy: { ...kernelPolicyFrom({}), ...policy } })
  return { space, kernel, walls: guards.walls, registry, store }
}

/** Takes the agent's tuple and is done with it. */
async function finish({ space }: { space: TupleSpace }, agent: Agent): Promise<void> {
  const lent = await space.lend({ agent: agent.id, lane: agent.lane }, { timeoutMs: 0 })
  await lent?.acknowledge()
}

describe('an agent', () => {
  it('waits in its lane as a tuple, with its place in the tree, and is done once that is acknowledged', async () => {
    const parts = start()
    const { kernel, space } = parts
    const lead = await kernel.spawn({ yool: 'agent.plan.lead', data: { goal: 'ship' } })
    const helper = await kernel.spawn({ yool: 'agent.dev.run', parent: lead.id, lane: 'dev' })
    expect(lead).toMatchObject({ map: [0, lead.id], lane: 'main', parent: null, source: 'spawned_from_root' })
    expect(helper).toMatchObject({
      ...{ map: [0, lead.id, helper.id], lane: 'dev', parent: lead.id, source: `spawned_from_${lead.authority}` },
      receipts: [expect.stringMatching(/^out@[0-9a-f]{64}$/)],
    })
    const lent = await space.lend({ lane: 'main' }, { timeoutMs: 0 })
    expect(lent?.tuple).toMatchObject({ agent: lead.id, data: { goal: 'ship' } })
    expect((await kernel.agent(lead.id)).state).toBe('running')
    await lent?.giveBack()
    expect((await kernel.agent(lead.id)).state).toBe('waiting')
    await finish(parts, lead)
    expect((await kernel.agent(lead.id)).state).toBe('done')
  })

  it('leaves receipts that tell equal places with unequal data apart', async () => {
    const { kernel } = start()
    const lead = await kernel.spawn({ yool: 'agent.a.b', data: { é: 1 } })
    const text = `{"data":{"é":1},"map":[0,"${lead.id}"],"receipts":[],"yool":"agent.a.b"}`
    expect(lead.receipts).toEqual([`out@${hash('sha256', text)}`])
    const [one, other] = [
      await kernel.routePacket({ agent: lead.id, packet: { n: 1 } }),
      await kernel.routePacket({ agent: lead.id, packet: { n: 2 } }),
    ]
    expect(other?.receipts.slice(0, 2)).toEqual(one?.receipts)
    expect(new Set(other?.receipts).size).toBe(3)
  })

  it('is refused, and nothing of it is kept, when its lane is full or its data cannot be told in JSON', async () => {
    const { kernel, space } = start({ queueMax: 2 })
    for (let n = 0; n < 2; n++) await kernel.spawn({ yool: 'a.b.c' })
    await expect(kernel.spawn({ yool: 'a.b.c' })).rejects.toMatchObject({ kind: 'overloaded' })
    await expect(kernel.spawn({ yool: 'a.b.c', lane: 'x', data: { bad: Number.NaN } })).rejects.toThrow('data.bad')
    expect((await kernel.snapshot()).active).toBe(2)
    await space.discard('main')
    await expect(kernel.spawn({ yool: 'a.b.c' })).resolves.toMatchObject({ state: 'waiting' })
  })

  it('that another host has taken and finished makes room for others', async () => {
    const { kernel, store } = start({ agentsMax: 2 })
    const other = start({}, store)
    for (let n = 0; n < 2; n++) await kernel.spawn({ yool: 'a.b.c' })
    await expect(kernel.spawn({ yool: 'a.b.c' })).rejects.toMatchObject({ kind: 'overloaded' })
    await other.space.in({ lane: 'main' })
    await expect(kernel.spawn({ yool: 'a.b.c' })).resolves.toMatchObject({ state: 'waiting' })
  })

  it('is found again by a host that starts over the same store', async () => {
    const { kernel, store } = start()
    const lead = await kernel.spawn({ yool: 'agent.plan.lead', data: { big: 2n ** 70n } })
    const later = start({}, store)
    expect((await later.kernel.scanIndex({ lane: 'main' })).agents.map(({ id }) => id)).toEqual([lead.id])
    expect((await later.kernel.agent(lead.id)).data).toEqual({ big: 2n ** 70n })
    await expect(later.kernel.agent('nobody')).rejects.toMatchObject({ kind: 'not-found' })
  })
})

it('is known after a restart, whatever its lane', async () => {
  const { kernel, store } = start()
  await kernel.spawn({ yool: 'a.b.c', lane: 'one' })
  const other = await kernel.spawn({ yool: 'a.b.d', lane: 'other', data: { n: 1 } })
  const later = start({}, store)
  expect((await later.kernel.scanIndex({ yool: 'a.b.d' })).agents).toMatchObject([{ id: other.id, data: { n: 1 } }])
  expect(await later.kernel.snapshot()).toMatchObject({ active: 2, total: 2n })
})

describe('compressing', () => {
  it('keeps everything of an agent that waits, out of its lane, until it is restored, also over a restart', async () => {
    const { kernel, space, store } = start()
    const data = { text: 'x'.repeat(5000), list: [1, { ü: null }] }
    const agent = await kernel.spawn({ yool: 'a.b.c', data })
    expect((await kernel.compress(agent.id)).state).toBe('compressed')
    expect((await kernel.compress(agent.id)).state).toBe('compressed')
    expect(await space.rdp({ lane: 'main' })).toBeNull()
    const later = start({}, store)
    expect(await later.kernel.restore(agent.id)).toMatchObject({ state: 'waiting', data, receipts: agent.receipts })
    expect(await later.space.rdp({ lane: 'main' })).toMatchObject({ agent: agent.id, data })
    expect((await later.kernel.snapshot()).compressed).toBe(0)
  })

  it('is refused while the agent runs, which goes on undisturbed', async () => {
    const { kernel, space } = start()
    const agent = await kernel.spawn({ yool: 'a.b.c' })
    const lent = await space.lend({ lane: 'main' })
    await expect(kernel.compress(agent.id)).rejects.toMatchObject({ kind: 'conflict' })
    expect(await lent?.acknowledge()).toBe(true)
  })

  it('by itself touches only what is done: 500 that wait all stay in their lane', async () => {
    const parts = start({ compressionThreshold: 100 })
    for (let n = 0; n < 500; n++) await parts.kernel.spawn({ yool: 'a.b.c', data: { n } })
    expect(await parts.kernel.prune()).toBe(0)
    const seen = new Set<unknown>()
    for (let lent = await parts.space.lend({ lane: 'main' }, { timeoutMs: 0 }); lent !== null; ) {
      seen.add((lent.tuple.data as { n: number }).n)
      await lent.acknowledge()
      lent = await parts.space.lend({ lane: 'main' }, { timeoutMs: 0 })
    }
    expect(seen.size).toBe(500)
    await until('the finished ones are packed', async () => (await parts.kernel.snapshot()).active <= 100)
    expect(await parts.kernel.snapshot()).toMatchObject({ active: 100, compressed: 400, total: 500n })
  })

  it('prunes the longest idle first, takes 0 for 0, and drops only finished ones beyond the bound', async () => {
    const parts = start({ compressedMax: 2 })
    const agents: Agent[] = []
    for (let n = 0; n < 4; n++) agents.push(await parts.kernel.spawn({ yool: 'a.b.c', data: { n } }))
    const [first, second, third, fourth] = agents as [Agent, Agent, Agent, Agent]
    await parts.kernel.compress(fourth.id)
    for (const agent of [second, first, third]) await finish(parts, agent)
    expect(await parts.kernel.prune(2)).toBe(1)
    expect((await parts.kernel.agent(second.id)).state).toBe('compressed')
    expect(await parts.kernel.prune(0)).toBe(2)
    await expect(parts.kernel.agent(second.id)).rejects.toMatchObject({ kind: 'not-found' })
    expect(await parts.kernel.restore(third.id)).toMatchObject({ state: 'done', data: { n: 2 } })
    expect(await parts.kernel.restore(fourth.id)).toMatchObject({ state: 'waiting', data: { n: 3 } })
    expect((await parts.kernel.snapshot()).forgotten).toBe(1)
  })
})

describe('a batch', () => {
  it('counts 32 to the power of 4 leaves exactly, and makes each real once, at its address', async () => {
    const { kernel, space } = start()
    await kernel.spawn({ yool: 'hamt_builder' })
    const batch = await kernel.batchSpawn({
      yool: 'codex_worker',
      depth: 4,
      branching: 32,
      lane: 'dev',
      data: { kind: 'k' },
    })
    expect(batch).toMatchObject({ leaves: 1_048_576n, made: 0n })
    expect(await kernel.snapshot()).toMatchObject({ tuples: 2, active: 2, virtual: 1_048_576n, total: 1_048_578n })
    const leaf = await kernel.leaf(batch.id, 33)
    expect(leaf).toMatchObject({ lane: 'dev', parent: batch.id, data: { kind: 'k', leaf: 33, address: [0, 0, 1, 1] } })
    expect(leaf?.map).toEqual([0, batch.id, 0, 0, 1, 1])
    expect(await kernel.leaf(batch.id, [0, 0, 1, 1])).toBeNull()
    expect(await kernel.snapshot()).toMatchObject({ active: 3, virtual: 1_048_575n, total: 1_048_578n })
    expect(await space.rdp({ agent: `${batch.id}/33` })).toMatchObject({ yool: 'codex_worker' })
    await expect(kernel.leaf(batch.id, '1048576')).rejects.toMatchObject({ kind: 'not-found' })
    kernel.closeBatch(batch.id)
    expect((await kernel.snapshot()).virtual).toBe(0n)
  })

  it('is one of no more than may be open', async () => {
    const { kernel } = start({ batchesMax: 1 })
    const request = { yool: 'a.b.c', depth: 2, branching: 2 }
    const { id } = await kernel.batchSpawn(request)
    await expect(kernel.batchSpawn(request)).rejects.toMatchObject({ kind: 'overloaded' })
    kernel.closeBatch(id)
    await expect(kernel.batchSpawn(request)).resolves.toMatchObject({ leaves: 4n })
  })

  it('counts far beyond what a float can, and refuses figures that make no tree', async () => {
    const { kernel } = start()
    expect((await kernel.batchSpawn({ yool: 'a.b.c', depth: 20, branching: 32 })).leaves).toBe(2n ** 100n)
    await expect(kernel.batchSpawn({ yool: 'a.b.c', depth: 0, branching: 2 })).rejects.toMatchObject({
      kind: 'bad-request',
    })
    await expect(kernel.batchSpawn({ yool: 'a.b.c', depth: 1e9, branching: 9 })).rejects.toMatchObject({
      kind: 'too-large',
    })
    expect((await kernel.snapshot()).active).toBe(1)
  })
})

describe('routing a packet', () => {
  it('reaches the agent that is meant, or the one that waits longest in a lane, and can move it', async () => {
    const parts = start()
    const [one, two] = [
      await parts.kernel.spawn({ yool: 'a.b.c', data: { n: 1 } }),
      await parts.kernel.spawn({ yool: 'a.b.c' }),
    ]
    await parts.kernel.routePacket({ lane: 'main', packet: { extra: true } })
    await parts.kernel.routePacket({ agent: one.id, packet: { n: 5, lane: 'elsewhere' }, toLane: 'dev' })
    expect(await parts.kernel.agent(one.id)).toMatchObject({ lane: 'dev', data: { n: 5, extra: true } })
    expect((await parts.space.all()).map(({ agent, lane }) => [agent, lane])).toEqual([
      [two.id, 'main'],
      [one.id, 'dev'],
    ])
    expect((await parts.kernel.scanIndex({ lane: 'main' })).matched).toBe(1)
    expect(await parts.kernel.routePacket({ lane: 'nowhere', packet: {} })).toBeNull()
    await expect(parts.kernel.routePacket({ packet: {} })).rejects.toMatchObject({ kind: 'bad-request' })
  })

  it('leaves the agent as it was when the changed one cannot be put', async () => {
    const { kernel, space, store } = start()
    const agent = await kernel.spawn({ yool: 'a.b.c', data: { n: 1 } })
    const away = vi.spyOn(store, 'replace').mockRejectedValueOnce(new Error('the store is away'))
    await expect(kernel.routePacket({ agent: agent.id, packet: { n: 2 } })).rejects.toThrow('the store is away')
    away.mockRestore()
    expect(await space.rdp({ lane: 'main' })).toMatchObject({ agent: agent.id, data: { n: 1 } })
    expect(await kernel.agent(agent.id)).toMatchObject({ state: 'waiting', data: { n: 1 } })
  })

  it('never changes what somebody holds', async () => {
    const { kernel, space } = start()
    const agent = await kernel.spawn({ yool: 'a.b.c' })
    const lent = await space.lend({ lane: 'main' })
    expect(await kernel.routePacket({ agent: agent.id, packet: { n: 1 } })).toBeNull()
    expect(lent?.tuple.data).toEqual({})
  })
})

describe('a host that dies', () => {
  /** What is asked of the store after some calls that change it never reaches it. */
  function dyingAfter(store: MemoryStore, calls: number): TupleStore {
    const dead = new Promise<never>(() => undefined)
    let left = calls
    const changing = ['put', 'take', 'acknowledge', 'replace', 'giveBack']
    return new Proxy(store, {
      get: (target, name: keyof MemoryStore) => {
        const value = target[name]
        if (typeof value !== 'function') return value
        return (...values: unknown[]) => {
          if (changing.includes(name) && left-- <= 0) return dead
          return Reflect.apply(value, target, values)
        }
      },
    })
  }

  it.each([
    ['routes a packet', (kernel: Kernel, id: string) => kernel.routePacket({ agent: id, packet: { n: 2 } })],
    ['compresses an agent', (kernel: Kernel, id: string) => kernel.compress(id)],
  ])('while it %s leaves one tuple of the agent, wherever it stops', async (_what, act) => {
    for (const calls of [0, 1, 2]) {
      let now = 0
      const store = new MemoryStore({ now: () => now })
      const { id } = await start({}, store).kernel.spawn({ yool: 'a.b.c', data: { n: 1 } })
      const { kernel } = start({}, dyingAfter(store, calls))
      await Promise.race([act(kernel, id), new Promise((resolve) => setImmediate(resolve))])
      now = 60_000
      store.expire()
      const tuples = store.list(compileMatcher({ agent: id }), 0, 10)
      expect([calls, tuples.matched, tuples.tuples[0]?.leased]).toEqual([calls, 1, false])
    }
  })
})

describe('the index', () => {
  it('finds by lane and yool, a page at a time, and takes a limit of 0 for 0', async () => {
    const parts = start()
    for (let n = 0; n < 6; n++) await parts.kernel.spawn({ yool: `a.b.${n % 2}`, lane: n < 4 ? 'x' : 'y', data: { n } })
    const numbers = async (request: object) => (await parts.kernel.scanIndex(request)).agents.map(({ data }) => data.n)
    expect(await numbers({ yool: 'a.b.1' })).toEqual([1, 3, 5])
    expect(await numbers({ lane: 'x', yool: 'a.b.0' })).toEqual([0, 2])
    expect(await numbers({ limit: 2, offset: 3 })).toEqual([3, 4])
    expect(await parts.kernel.scanIndex({ limit: 0 })).toEqual({ agents: [], matched: 6 })
    expect(parts.registry.yools).toBe(2)
  })
})

describe('a wall', () => {
  it('keeps an agent and all that it spawns to what is hooked', async () => {
    const { kernel, walls } = start()
    walls.hook('reviewers', 'agent.review.read')
    const request = { yool: 'agent.review.read', wall: 'reviewers' }
    const reader = await kernel.spawn(request)
    await expect(kernel.spawn({ ...request, yool: 'fs.files.remove' })).rejects.toMatchObject({ kind: 'not-allowed' })
    await expect(kernel.spawn({ yool: 'fs.files.remove', parent: reader.id })).rejects.toThrow('reviewers')
    await expect(kernel.spawn({ yool: 'x', parent: reader.id, wall: 'other' })).rejects.toThrow('stays behind its wall')
    expect((await kernel.spawn({ yool: 'agent.review.read', parent: reader.id })).wall).toBe('reviewers')
    walls.unhook('reviewers', 'agent.review.read')
    await expect(kernel.spawn({ yool: 'agent.review.read', parent: reader.id })).rejects.toThrow('does not let')
  })
})
