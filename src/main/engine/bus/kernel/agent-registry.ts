import type { Tuple } from '../../../../shared/model/bus.ts'
import type { Agent, AgentState } from '../../../../shared/model/kernel.ts'
import type { SpaceObserver } from '../space-observers.ts'
import { agentOf } from './agent-tuple.ts'
import { Hamt } from './hamt.ts'

interface Entry {
  agent: Agent
  /** Id of the tuple it has in the space, or had. */
  tuple: string
  /** The kernel itself holds its tuple: what the space tells of it says nothing of the agent. */
  held: boolean
}
/** What the registry cannot see to itself. */
export interface RegistryListener {
  /** One more agent is done. */
  done(): void
  /** What waited in a lane was discarded. */
  discarded(lane: string): void
}

/** In the order in which they came. */
type Bucket = Map<string, Entry>

/**
 * The agents that this host knows and has not packed away, by id, by lane and, through the trie of names, by yool. It hears from
 * the space what becomes of their tuples. Every change costs the same however many there are.
 */
export class AgentRegistry implements SpaceObserver {
  readonly #all: Bucket = new Map()
  readonly #lanes = new Map<string, Bucket>()
  readonly #waiting = new Map<string, Bucket>()
  /** Longest idle first. */
  readonly #idle: Bucket = new Map()
  #yools = new Hamt<Bucket>()
  #listener: RegistryListener | null = null

  listen(listener: RegistryListener): void {
    this.#listener = listener
  }

  get size(): number {
    return this.#all.size
  }

  /** Yools that agents ask for. */
  get yools(): number {
    return this.#yools.size
  }

  find(id: string): Agent | null {
    return this.#all.get(id)?.agent ?? null
  }

  /** Id of the tuple that stands for an agent. */
  tupleOf(id: string): string | null {
    return this.#all.get(id)?.tuple ?? null
  }

  waitingIn(lane: string): number {
    return this.#waiting.get(lane)?.size ?? 0
  }

  lanesWithWaiting(): readonly string[] {
    return [...this.#waiting.keys()]
  }

  /** Ids of those that wait in a lane, longest first. */
  waiting(lane: string): Iterable<string> {
    return [...(this.#waiting.get(lane)?.keys() ?? [])]
  }

  longestIdle(): Agent | null {
    const [first] = this.#idle.values()
    return first?.agent ?? null
  }

  /** Replaces what is known of this agent. */
  add(agent: Agent, tuple: string): void {
    this.remove(agent.id)
    const entry: Entry = { agent, tuple, held: false }
    this.#all.set(agent.id, entry)
    bucketOf(this.#lanes, agent.lane).set(agent.id, entry)
    const named = this.#yools.get(agent.yool)
    if (named === undefined) this.#yools = this.#yools.with(agent.yool, new Map([[agent.id, entry]]))
    else named.set(agent.id, entry)
    this.#place(entry)
  }

  remove(id: string): void {
    const entry = this.#all.get(id)
    if (entry === undefined) return
    const { lane, yool } = entry.agent
    this.#all.delete(id)
    removeFrom(this.#lanes, lane, id)
    this.#displace(entry)
    const named = this.#yools.get(yool)
    named?.delete(id)
    if (named?.size === 0) this.#yools = this.#yools.without(yool)
  }

  /** While the kernel holds its tuple the agent neither waits nor idles. */
  hold(id: string): void {
    const entry = this.#all.get(id)
    if (entry === undefined) return
    entry.held = true
    this.#displace(entry)
  }

  release(id: string): void {
    const entry = this.#all.get(id)
    if (entry === undefined) return
    entry.held = false
    this.#place(entry)
  }

  /** Those of a lane and a yool, oldest first; either may be null for any. */
  *select(lane: string | null, yool: string | null): Generator<Agent> {
    const inLane = lane === null ? this.#all : (this.#lanes.get(lane) ?? new Map<string, Entry>())
    const named = yool === null ? this.#all : (this.#yools.get(yool) ?? new Map<string, Entry>())
    const smaller = inLane.size < named.size ? inLane : named
    for (const { agent } of smaller.values()) {
      if ((lane === null || agent.lane === lane) && (yool === null || agent.yool === yool)) yield agent
    }
  }

  /** Knows an agent from its tuple. Null for a tuple that is no agent's. */
  adopt(tuple: Tuple, state: AgentState): Agent | null {
    const agent = agentOf(tuple, state)
    if (agent !== null && !this.#all.has(agent.id)) this.add(agent, tuple.id)
    return agent
  }

  offered(): void {
    // Who spawns makes it known before.
  }

  put(): void {
    // The same.
  }

  taken(tuple: Tuple, _by: string, _waitedMs: number, lent: boolean): void {
    this.#becomes(tuple, lent ? 'running' : 'done')
  }

  returned(tuple: Tuple): void {
    this.#becomes(tuple, 'waiting')
  }

  acknowledged(tuple: Tuple): void {
    this.#becomes(tuple, 'done')
  }

  discarded(lane: string): void {
    if (this.waitingIn(lane) > 0) this.#listener?.discarded(lane)
  }

  #becomes(tuple: Tuple, state: AgentState): void {
    if (typeof tuple.agent !== 'string') return
    const entry = this.#all.get(tuple.agent)
    if (entry === undefined) {
      if (state !== 'done') this.adopt(tuple, state)
    } else if (entry.tuple === tuple.id && !entry.held) this.#set(entry, state)
  }

  #set(entry: Entry, state: AgentState): void {
    this.#displace(entry)
    entry.agent = { ...entry.agent, state, lastActive: Date.now() }
    this.#place(entry)
    if (state === 'done') this.#listener?.done()
  }

  #place(entry: Entry): void {
    const { id, lane, state } = entry.agent
    if (state === 'waiting') bucketOf(this.#waiting, lane).set(id, entry)
    else if (state === 'done') this.#idle.set(id, entry)
  }

  #displace({ agent: { id, lane } }: Entry): void {
    this.#idle.delete(id)
    removeFrom(this.#waiting, lane, id)
  }
}

function bucketOf(buckets: Map<string, Bucket>, name: string): Bucket {
  const known = buckets.get(name)
  if (known !== undefined) return known
  const made: Bucket = new Map()
  buckets.set(name, made)
  return made
}

function removeFrom(buckets: Map<string, Bucket>, name: string, id: string): void {
  const bucket = buckets.get(name)
  if (bucket?.delete(id) === true && bucket.size === 0) buckets.delete(name)
}
