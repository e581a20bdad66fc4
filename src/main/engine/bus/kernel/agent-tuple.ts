import { promisify } from 'node:util'
import { deflateRaw, inflateRaw } from 'node:zlib'
import { z } from 'zod'
import { GuardhouseError } from '../../../../shared/errors.ts'
import type { Tuple, TupleInput, TupleValue } from '../../../../shared/model/bus.ts'
import type { Agent, AgentState } from '../../../../shared/model/kernel.ts'
import { parsePlain } from '../parse-tuple.ts'
import { canonicalText } from '../tuple-text.ts'
import { digestOf } from './kernel-receipt.ts'

/** Finished agents that were compressed, and those that were compressed while they waited. */
export const compressedLane = 'kernel.compressed'
export const parkedLane = 'kernel.parked'

const deflate = promisify(deflateRaw)
const inflate = promisify(inflateRaw)
/** More than any tuple may have: a tuple that somebody else has put must not fill the memory. */
const longestText = 1 << 23

/** What stands in the tuple of an agent beside its id and time. */
const agentFields = z.object({
  agent: z.string().min(1),
  yool: z.string().min(1),
  lane: z.string(),
  map: z.array(z.union([z.string(), z.number()])),
  authority: z.string(),
  source: z.string(),
  parent: z.string().nullable(),
  wall: z.string().nullable(),
  receipts: z.array(z.string()),
  data: z.record(z.string(), z.unknown()),
})

const packedFields = agentFields.omit({ lane: true, data: true }).extend({
  lane: z.enum([compressedLane, parkedLane]),
  agent_lane: z.string(),
  data_digest: z.string(),
  packed: z.string(),
})

export type AgentFields = Omit<Agent, 'id' | 'state' | 'lastActive'>

/** An agent's tuple has one of two ids, so that whoever changes it never has two of one id in hands. */
export function agentTupleIds(agent: string): readonly [string, string] {
  return [`agent:${agent}`, `agent:${agent}:changed`]
}

export function packedTupleId(agent: string): string {
  return `packed:${agent}`
}

export function agentTuple(agent: string, fields: AgentFields, changed = false): TupleInput {
  const { lane, yool, map, authority, source, parent, wall, receipts, data } = fields
  const [first, second] = agentTupleIds(agent)
  const id = changed ? second : first
  return { id, lane, yool, agent, map, authority, source, parent, wall, receipts, data }
}

/** Null for a tuple that is no agent's. */
export function agentOf(tuple: Tuple, state: AgentState, lastActive = Date.now()): Agent | null {
  if (typeof tuple.agent !== 'string' || !agentTupleIds(tuple.agent).includes(tuple.id)) return null
  const parsed = agentFields.safeParse(tuple)
  if (!parsed.success) return null
  const { agent, ...fields } = parsed.data
  // The tuple's own data: it is frozen, the parsed copy is not.
  return { ...fields, id: agent, state, lastActive, data: tuple.data as Agent['data'] }
}

/** The agent with its data packed; `parked`: it waited in its lane. */
export async function packAgent(agent: Agent, parked: boolean): Promise<TupleInput> {
  const { id, lane, yool, map, authority, source, parent, wall, receipts, data } = agent
  const packed = (await deflate(canonicalText(data))).toString('base64')
  return {
    ...{ id: packedTupleId(id), lane: parked ? parkedLane : compressedLane, yool, agent: id, agent_lane: lane },
    ...{ map, authority, source, parent, wall, receipts, data_digest: digestOf(data), packed },
  }
}

/** Throws `internal` when its data is not what was packed. */
export async function unpackAgent(tuple: Tuple): Promise<Agent> {
  const { agent, agent_lane, data_digest, packed, lane, ...fields } = packedFields.parse(tuple)
  const text = (await inflate(Buffer.from(packed, 'base64'), { maxOutputLength: longestText })).toString()
  const data = parsePlain(text) as { readonly [key: string]: TupleValue }
  if (digestOf(data) !== data_digest) {
    throw new GuardhouseError('internal', `the packed data of the agent ${agent} does not have its digest`)
  }
  return { ...fields, id: agent, lane: agent_lane, data, state: 'compressed', lastActive: Date.parse(tuple.created_at) }
}
