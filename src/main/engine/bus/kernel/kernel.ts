import { randomBytes } from 'node:crypto'
import { GuardhouseError } from '../../../../shared/errors.ts'
import type {
  Agent,
  Batch,
  BatchRequest,
  KernelSnapshot,
  RouteRequest,
  ScanPage,
  ScanRequest,
  SpawnRequest,
} from '../../../../shared/model/kernel.ts'
import type { LentTuple } from '../lent-tuple.ts'
import type { StoredTuple } from '../stores/tuple-store.ts'
import type { TupleSpace } from '../tuple-space.ts'
import { AgentPacking } from './agent-packing.ts'
import type { AgentRegistry } from './agent-registry.ts'
import { type AgentFields, agentTuple, agentTupleIds, compressedLane, parkedLane } from './agent-tuple.ts'
import { Batches } from './batches.ts'
import type { CallGuards } from './call-guards.ts'
import type { KernelPolicy } from './kernel-policy.ts'
import { kernelReceipt } from './kernel-receipt.ts'

/** Who the kernel is on the bus. */
const kernelName = 'kernel'
/** What agents without a parent come from. */
const root = { map: [0], authority: 'root', lane: 'main', wall: null } as const
/** Tuples of a lane that are looked through for agents that this host does not know yet. */
const adoptMax = 10_000
/** So many at a time: reading them must not keep the thread from other work. */
const adoptAtOnce = 500
/** Where no agent waits to be run. */
const lanesWithoutAgents: ReadonlySet<string> = new Set(['audit', compressedLane, parkedLane])
const leaseMs = 30_000

export interface KernelParts {
  readonly space: TupleSpace
  readonly registry: AgentRegistry
  readonly guards: CallGuards
  readonly policy: KernelPolicy
}

/**
 * Agents over a tuple space. An agent is work: its tuple waits in a lane like any other, and is never put away by itself before
 * it is done. What is kept here is a view that the space can restore: every agent is found again by its tuple's id.
 */
export class Kernel {
  readonly #parts: KernelParts
  readonly #batches: Batches
  readonly #packing: AgentPacking
  /** Of this run of the host, so that ids are never used twice. */
  readonly #prefix = randomBytes(4).toString('hex')
  #spawned = 0
  #adoptingEarlier: Promise<void> | null = null

  constructor(parts: KernelParts) {
    this.#parts = parts
    this.#batches = new Batches(parts.policy.batchesMax)
    this.#packing = new AgentPacking(parts)
    parts.registry.listen({
      done: () => this.#packing.pruneSoon(),
      // A store that is away now: the lane is looked through again once it is full.
      discarded: (lane) => void this.#forgetGone(lane).catch(() => undefined),
    })
  }

  async spawn(request: SpawnRequest): Promise<Agent> {
    const id = `${this.#prefix}-${this.#spawned++}`
    const parent = await this.#parentOf(request.parent)
    return this.#put(id, { ...this.#fieldsOf(request, parent, `subagent_${id}`), map: [...parent.map, id] })
  }

  async batchSpawn({ depth, branching, data = {}, ...request }: BatchRequest): Promise<Batch> {
    const id = `${this.#prefix}-${this.#spawned++}`
    const batch = this.#batches.open(id, depth, branching)
    const receipt = kernelReceipt('batch_spawn', {
      ...{ controller: id, depth, branching, yool: request.yool, virtual: batch.tree.leaves, data },
    })
    const { leaves } = batch.tree
    const described = { ...data, lazy_batch: true, depth, branching, virtual_agents: exactly(leaves) }
    try {
      const parent = await this.#parentOf(request.parent)
      const fields = this.#fieldsOf({ ...request, data: described }, parent, `subagent_${id}`)
      await this.#put(id, { ...fields, map: [...parent.map, id], receipts: [receipt] })
    } catch (error) {
      this.#batches.close(id)
      throw error
    }
    return { id, depth, branching, leaves, made: 0n, receipt }
  }

  /** Makes one leaf real, by its number or its digits; null when it was made before. */
  async leaf(batchId: string, leaf: number | string | readonly number[]): Promise<Agent | null> {
    const controller = await this.agent(batchId)
    const batch = this.#batches.find(controller)
    const number = typeof leaf === 'object' ? batch.tree.leafAt(leaf) : BigInt(leaf)
    const address = batch.tree.addressOf(number)
    if (!batch.made.add(number)) return null
    const id = `${batchId}/${number}`
    try {
      const { lazy_batch, depth, branching, virtual_agents, ...data } = controller.data
      const request = { yool: controller.yool, data: { ...data, leaf: exactly(number), address } }
      const fields = this.#fieldsOf(request, controller, `subagent_${id}`)
      return await this.#put(id, { ...fields, map: [...controller.map, ...address] })
    } catch (error) {
      batch.made.delete(number)
      throw error
    }
  }

  closeBatch(id: string): void {
    if (this.#batches.close(id)) return
    throw new GuardhouseError('not-found', `there is no open batch ${JSON.stringify(id)}`)
  }

  /** Whether it waits, runs, is done or compressed. Throws `not-found`. */
  async agent(id: string): Promise<Agent> {
    const { registry } = this.#parts
    const known = registry.find(id)
    if (known !== null) return known
    for (const tupleId of agentTupleIds(id)) {
      const resident = await this.#residentOf(tupleId)
      const agent = resident === null ? null : registry.adopt(resident.tuple, resident.leased ? 'running' : 'waiting')
      if (agent !== null) return agent
    }
    const packed = await this.#packing.find(id)
    if (packed !== null) return packed
    throw new GuardhouseError('not-found', `there is no agent ${JSON.stringify(id)}`, {
      hint: 'It was finished and forgotten, or never spawned here. kernel.scanIndex lists those that are known.',
    })
  }

  async compress(id: string): Promise<Agent> {
    const agent = await this.agent(id)
    if (agent.state === 'compressed') return agent
    if (agent.state === 'done') return this.#packing.pack(agent)
    const lent = await this.#hold(id)
    if (lent === null) throw new GuardhouseError('conflict', `the agent ${id} is being run and cannot be compressed`)
    return this.#whileHeld(agent, lent, () => this.#packing.park(agent, lent))
  }

  async restore(id: string): Promise<Agent> {
    const agent = await this.agent(id)
    return agent.state === 'compressed' ? this.#packing.restore(id) : agent
  }

  /** Null: down to the threshold of the policy. Returns how many were packed. */
  prune(maxActive: number | null = null): Promise<number> {
    return this.#packing.prune(maxActive ?? this.#parts.policy.compressionThreshold)
  }

  /** Merges a packet into the agent that is meant, or else the one that waits longest in the lane. Null: none waited. */
  async routePacket({ agent: wanted, lane, packet, toLane }: RouteRequest): Promise<Agent | null> {
    if ((wanted === undefined) === (lane === undefined)) {
      throw new GuardhouseError('bad-request', 'a packet goes to an agent or to a lane, one of the two')
    }
    const { registry } = this.#parts
    const ids = wanted === undefined ? await this.#waitingIn(lane ?? '') : [(await this.agent(wanted)).id]
    for (const id of ids) {
      const lent = await this.#hold(id)
      const before = registry.find(id)
      if (lent === null || before === null) continue
      return this.#whileHeld(before, lent, async () => {
        const to = toLane ?? before.lane
        const data = { ...before.data, ...packet }
        const receipt = kernelReceipt('route', { map: before.map, lane: to, packet, data })
        const after = { ...before, lane: to, data, receipts: [...before.receipts, receipt], lastActive: Date.now() }
        const changed = lent.tuple.id === agentTupleIds(id)[0]
        const [first, second] = agentTupleIds(id)
        registry.add(after, changed ? second : first)
        if (await lent.replace(agentTuple(id, after, changed), kernelName)) return after
        throw new GuardhouseError('conflict', `the agent ${id} was taken by another before the packet reached it`)
      })
    }
    return null
  }

  async scanIndex({ lane, yool, limit = 100, offset = 0 }: ScanRequest = {}): Promise<ScanPage> {
    if (lane === undefined) await this.#adoptEarlier()
    else await this.#adoptLane(lane)
    const agents: Agent[] = []
    let matched = 0
    for (const agent of this.#parts.registry.select(lane ?? null, yool ?? null)) {
      if (matched >= offset && agents.length < limit) agents.push(agent)
      matched += 1
    }
    return { agents, matched }
  }

  async snapshot(): Promise<KernelSnapshot> {
    const { space, registry, guards } = this.#parts
    await this.#adoptEarlier()
    const counts = await space.lanes()
    const lanes = Object.fromEntries(
      counts.map(({ lane, waiting, leased }) => [lane ?? '', waiting + leased] as const).sort(byName),
    )
    const compressed = (lanes[compressedLane] ?? 0) + (lanes[parkedLane] ?? 0)
    const virtual = this.#batches.virtual()
    return {
      ...{ tuples: Object.values(lanes).reduce((sum, count) => sum + count, 0), lanes },
      ...{ active: registry.size, compressed, virtual, total: BigInt(registry.size + compressed) + virtual },
      ...{ forgotten: this.#packing.forgotten, batches: this.#batches.size, walls: guards.walls.all() },
      ...{ cache: guards.answers.report(), providers: guards.providers.reports() },
    }
  }

  async #parentOf(
    id: string | null | undefined,
  ): Promise<Pick<Agent, 'map' | 'authority' | 'lane' | 'wall'> & { id: string | null }> {
    return id === undefined || id === null ? { ...root, id: null } : this.agent(id)
  }

  /** Throws `not-allowed` when the parent's wall does not let the yool through. */
  #fieldsOf(
    { yool, lane, data = {}, wall = null }: Omit<SpawnRequest, 'wall'> & { wall?: string | null | undefined },
    parent: Pick<Agent, 'authority' | 'lane' | 'wall'> & { readonly id: string | null },
    authority: string,
  ): Omit<AgentFields, 'map'> {
    const behind = parent.wall ?? wall
    if (wall !== null && behind !== wall) {
      throw new GuardhouseError('not-allowed', `what ${parent.id} spawns stays behind its wall ${behind}`)
    }
    if (behind !== null) this.#parts.guards.walls.enforce(behind, yool)
    const source = `spawned_from_${parent.authority}`
    return { yool, lane: lane ?? parent.lane, authority, source, parent: parent.id, wall: behind, receipts: [], data }
  }

  async #put(id: string, fields: AgentFields): Promise<Agent> {
    const { registry, space } = this.#parts
    await this.#makeRoom(fields.lane)
    const { map, yool, receipts, data } = fields
    const agent: Agent = {
      ...{ ...fields, id, state: 'waiting', lastActive: Date.now() },
      receipts: [...receipts, kernelReceipt('out', { map, yool, receipts, data })],
    }
    const tuple = agentTuple(id, agent)
    // Before it is put: it may be taken at once.
    registry.add(agent, agentTupleIds(id)[0])
    try {
      await space.out(tuple, { by: kernelName })
    } catch (error) {
      registry.remove(id)
      throw error
    }
    this.#packing.pruneSoon()
    return registry.find(id) ?? agent
  }

  async #makeRoom(lane: string): Promise<void> {
    const { registry, policy } = this.#parts
    if (registry.waitingIn(lane) >= policy.queueMax) {
      await this.#forgetGone(lane)
      if (registry.waitingIn(lane) >= policy.queueMax) {
        throw new GuardhouseError('overloaded', `${policy.queueMax} agents wait in the lane ${lane} already`, {
          hint: 'Let an operation work the lane, or spawn again later.',
        })
      }
    }
    if (registry.size < policy.agentsMax) return
    await this.prune()
    if (registry.size < policy.agentsMax) return
    for (const busy of registry.lanesWithWaiting()) await this.#forgetGone(busy)
    if (registry.size < policy.agentsMax) return
    throw new GuardhouseError('overloaded', `${policy.agentsMax} agents are unfinished`)
  }

  async #waitingIn(lane: string): Promise<Iterable<string>> {
    const { registry } = this.#parts
    if (registry.waitingIn(lane) === 0) await this.#adoptLane(lane)
    return registry.waiting(lane)
  }

  /** Knows the agents that another host, or an earlier run, has put. */
  async #adoptLane(lane: string): Promise<void> {
    const { space, registry, policy } = this.#parts
    for (let offset = 0; offset < adoptMax; offset += adoptAtOnce) {
      const { tuples } = await space.list({ lane }, offset, adoptAtOnce)
      for (const { tuple, leased } of tuples) {
        if (registry.size >= policy.agentsMax) return
        registry.adopt(tuple, leased ? 'running' : 'waiting')
      }
      if (tuples.length < adoptAtOnce) return
    }
  }

  /** Once: those of an earlier run, of every lane. */
  #adoptEarlier(): Promise<void> {
    this.#adoptingEarlier ??= this.#adoptEveryLane().catch((error: unknown) => {
      // The store is away: whoever asks next tries again.
      this.#adoptingEarlier = null
      throw error
    })
    return this.#adoptingEarlier
  }

  async #adoptEveryLane(): Promise<void> {
    for (const { lane } of await this.#parts.space.lanes()) {
      if (lane !== null && !lanesWithoutAgents.has(lane)) await this.#adoptLane(lane)
    }
  }

  /** Agents whose tuples left the lane unseen: taken by another process, or discarded with the lane. */
  async #forgetGone(lane: string): Promise<void> {
    const { registry } = this.#parts
    for (const id of registry.waiting(lane)) {
      const tuple = registry.tupleOf(id)
      if (tuple !== null && (await this.#residentOf(tuple)) === null) registry.remove(id)
    }
  }

  async #residentOf(tuple: string): Promise<StoredTuple | null> {
    const { tuples } = await this.#parts.space.list({ id: tuple }, 0, 1)
    return tuples[0] ?? null
  }

  /** Takes the tuple of an agent that waits; null when somebody else has it. */
  async #hold(id: string): Promise<LentTuple | null> {
    const { registry, space } = this.#parts
    const tuple = registry.tupleOf(id)
    if (tuple === null) return null
    registry.hold(id)
    const lent = await space.lend({ id: tuple }, { timeoutMs: 0, leaseMs, by: kernelName })
    if (lent === null) registry.release(id)
    return lent
  }

  /** Whatever goes wrong, the agent is back in its lane. */
  async #whileHeld(agent: Agent, lent: LentTuple, work: () => Promise<Agent>): Promise<Agent> {
    const { registry } = this.#parts
    try {
      return await work()
    } catch (error) {
      registry.add({ ...agent, state: 'waiting' }, lent.tuple.id)
      await lent.giveBack()
      throw error
    } finally {
      registry.release(agent.id)
    }
  }
}

/** As every store gives it back. */
function exactly(whole: bigint): number | bigint {
  return whole <= Number.MAX_SAFE_INTEGER ? Number(whole) : whole
}

function byName([one]: readonly [string, number], [other]: readonly [string, number]): number {
  return one < other ? -1 : 1
}
