import { GuardhouseError } from '../../../../shared/errors.ts'
import type { Agent } from '../../../../shared/model/kernel.ts'
import type { LentTuple } from '../lent-tuple.ts'
import type { TupleSpace } from '../tuple-space.ts'
import type { AgentRegistry } from './agent-registry.ts'
import {
  agentTuple,
  agentTupleIds,
  compressedLane,
  packAgent,
  packedTupleId,
  parkedLane,
  unpackAgent,
} from './agent-tuple.ts'
import type { KernelPolicy } from './kernel-policy.ts'

const by = 'kernel'

/**
 * Packs agents away and brings them back. Packed ones are tuples too, so they outlive the host with the store. A finished one may
 * be dropped when there are too many; one that was packed while it waited never is.
 */
export class AgentPacking {
  readonly #space: TupleSpace
  readonly #registry: AgentRegistry
  readonly #policy: KernelPolicy
  #forgotten = 0
  #pruning: Promise<number> | null = null
  /** Packed finished ones in the space; null: not counted yet. */
  #kept: number | null = null

  constructor({ space, registry, policy }: { space: TupleSpace; registry: AgentRegistry; policy: KernelPolicy }) {
    this.#space = space
    this.#registry = registry
    this.#policy = policy
  }

  get forgotten(): number {
    return this.#forgotten
  }

  async find(id: string): Promise<Agent | null> {
    const tuple = await this.#space.rdp({ id: packedTupleId(id) })
    return tuple === null ? null : unpackAgent(tuple)
  }

  /** A finished agent. */
  async pack(agent: Agent): Promise<Agent> {
    this.#registry.hold(agent.id)
    try {
      await this.#space.out(await packAgent(agent, false), { by })
    } catch (error) {
      this.#registry.release(agent.id)
      throw error
    }
    this.#registry.remove(agent.id)
    await this.#forgetOldest()
    return { ...agent, state: 'compressed' }
  }

  /** An agent that waits, and whose tuple is held. */
  async park(agent: Agent, lent: LentTuple): Promise<Agent> {
    if (!(await lent.replace(await packAgent(agent, true), by))) {
      throw new GuardhouseError('conflict', `the agent ${agent.id} was taken by another before it was compressed`)
    }
    this.#registry.remove(agent.id)
    return { ...agent, state: 'compressed' }
  }

  /** Back in its lane, at its end, if it had not been done. */
  async restore(id: string): Promise<Agent> {
    const lent = await this.#space.lend({ id: packedTupleId(id) }, { timeoutMs: 0, by })
    if (lent === null) throw new GuardhouseError('conflict', `the agent ${id} is being restored already`)
    try {
      const waited = lent.tuple.lane === parkedLane
      const agent: Agent = {
        ...(await unpackAgent(lent.tuple)),
        state: waited ? 'waiting' : 'done',
        lastActive: Date.now(),
      }
      this.#registry.add(agent, agentTupleIds(id)[0])
      const restored = await (waited ? lent.replace(agentTuple(id, agent), by) : lent.acknowledge())
      if (!restored) throw new GuardhouseError('conflict', `the agent ${id} was restored by another`)
      if (!waited && this.#kept !== null) this.#kept -= 1
      return this.#registry.find(id) ?? agent
    } catch (error) {
      this.#registry.remove(id)
      await lent.giveBack()
      throw error
    }
  }

  async prune(maxActive: number): Promise<number> {
    let packed = 0
    while (this.#registry.size > maxActive) {
      const idle = this.#registry.longestIdle()
      if (idle === null) break
      await this.pack(idle)
      packed += 1
    }
    return packed
  }

  /** Without anybody waiting for it. What cannot be packed now stays as it is. */
  pruneSoon(): void {
    if (this.#pruning !== null || this.#registry.size <= this.#policy.compressionThreshold) return
    this.#pruning = this.prune(this.#policy.compressionThreshold)
    const over = () => {
      this.#pruning = null
    }
    this.#pruning.then(over, over)
  }

  async #forgetOldest(): Promise<void> {
    this.#kept = this.#kept === null ? await this.#count() : this.#kept + 1
    while (this.#kept > this.#policy.compressedMax) {
      const dropped = await this.#space.inp({ lane: compressedLane }, { by })
      if (dropped === null) {
        this.#kept = await this.#count()
        return
      }
      this.#kept -= 1
      this.#forgotten += 1
    }
  }

  async #count(): Promise<number> {
    const lanes = await this.#space.lanes()
    return lanes.find(({ lane }) => lane === compressedLane)?.waiting ?? 0
  }
}
