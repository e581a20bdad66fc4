import { z } from 'zod'
import { agentStates } from '../model/kernel.ts'
import { breakerReport } from './bus.ts'
import { freeFields, nothing, reason } from './common.ts'
import { procedure } from './procedure.ts'

/** Agents over the bus. Data and packets are objects in the encoding of values; numbers of leaves are decimal text. */

const data = freeFields
const lane = z.string().min(1).max(256)
const yool = z.string().min(1).max(256)
export const agentId = z.string().min(1).max(400)
export const wallName = z.string().min(1).max(256)

export const spawnRequest = z.strictObject({
  yool,
  parent: agentId.nullable().optional(),
  lane: lane.optional(),
  data: data.optional(),
  wall: wallName.optional(),
})
export const batchRequest = spawnRequest.extend({ depth: z.number().int().min(1), branching: z.number().int().min(1) })
/** A number from 0, as text of decimal digits where it is large, or one digit for each level. */
export const leafNumber = z.union([
  z.number().int().min(0),
  z.string().regex(/^\d{1,1300}$/, 'a leaf is a number from 0'),
  z.array(z.number().int().min(0)).max(4096),
])
export const routeRequest = z.strictObject({
  agent: agentId.optional(),
  lane: lane.optional(),
  packet: data,
  toLane: lane.optional(),
})
export const scanRequest = z.strictObject({
  lane: lane.optional(),
  yool: yool.optional(),
  limit: z.number().int().min(0).max(1000).optional(),
  offset: z.number().int().min(0).optional(),
})

export const agent = z.object({
  id: z.string(),
  state: z.enum(agentStates),
  yool: z.string(),
  lane: z.string(),
  map: z.array(z.union([z.string(), z.number()])),
  authority: z.string(),
  source: z.string(),
  parent: z.string().nullable(),
  wall: z.string().nullable(),
  receipts: z.array(z.string()),
  data,
  lastActive: z.number(),
})
export type ContractAgent = z.infer<typeof agent>

const batch = z.object({
  id: z.string(),
  depth: z.number(),
  branching: z.number(),
  leaves: z.string(),
  made: z.string(),
  receipt: z.string(),
})
const hook = z.strictObject({ wall: wallName, capability: wallName, reason: reason.default('') })

export const kernelProcedures = {
  'kernel.spawn': procedure(
    'undoable',
    'Put an agent below another or the root: its tuple waits in its lane.',
    spawnRequest,
    agent,
  ),
  'kernel.batchSpawn': procedure(
    'undoable',
    'Put one agent that stands for branching to the power of depth leaves.',
    batchRequest,
    batch,
  ),
  'kernel.leaf': procedure(
    'undoable',
    'Make one leaf of a batch an agent of its own; null when it was made before.',
    z.strictObject({ batch: agentId, leaf: leafNumber }),
    z.object({ agent: agent.nullable() }),
  ),
  'kernel.closeBatch': procedure(
    'undoable',
    'The batch is over: leaves that were not made are counted no more.',
    z.strictObject({ batch: agentId }),
    nothing,
  ),
  'kernel.agent': procedure('read', 'One agent, whatever its state.', z.strictObject({ id: agentId }), agent),
  'kernel.compress': procedure(
    'undoable',
    'Pack an agent that is done, or take one that waits out of its lane until it is restored.',
    z.strictObject({ id: agentId }),
    agent,
  ),
  'kernel.restore': procedure(
    'undoable',
    'Unpack an agent with all its data; one that had waited joins its lane again.',
    z.strictObject({ id: agentId }),
    agent,
  ),
  'kernel.prune': procedure(
    'undoable',
    'Pack finished agents, longest idle first, until at most so many are active; never one that waits or runs.',
    z.strictObject({ maxActive: z.number().int().min(0).nullable().default(null) }),
    z.object({ compressed: z.number() }),
  ),
  'kernel.routePacket': procedure(
    'undoable',
    'Merge a packet into the data of a waiting agent, the one named or the one that waits longest in a lane; null: none waited.',
    routeRequest,
    z.object({ agent: agent.nullable() }),
  ),
  'kernel.scanIndex': procedure(
    'read',
    'Active agents by lane and yool, longest known first, a page at a time.',
    scanRequest,
    z.object({ agents: z.array(agent), matched: z.number() }),
  ),
  'kernel.hook': procedure('undoable', 'Let a wall let a capability through.', hook, z.object({ auditId: z.number() })),
  'kernel.unhook': procedure(
    'undoable',
    'Let a wall not let a capability through any more.',
    hook,
    z.object({ removed: z.boolean(), auditId: z.number() }),
  ),
  'kernel.check': procedure(
    'read',
    'Whether a wall lets a capability through.',
    z.strictObject({ wall: wallName, capability: wallName }),
    z.object({ passes: z.boolean() }),
  ),
  'kernel.original': procedure(
    'read',
    'The whole text of a compressed one, by its digest; null when it is not kept any more.',
    z.strictObject({ digest: z.string().max(100) }),
    z.object({ text: z.string().nullable() }),
  ),
  'kernel.snapshot': procedure(
    'read',
    'How many tuples and agents there are, what the walls let through, and how cache and providers stand.',
    nothing,
    z.object({
      tuples: z.number(),
      lanes: z.record(z.string(), z.number()),
      active: z.number(),
      compressed: z.number(),
      virtual: z.string(),
      total: z.string(),
      forgotten: z.number(),
      batches: z.number(),
      walls: z.record(z.string(), z.array(z.string())),
      cache: z.object({
        entries: z.number(),
        maxEntries: z.number(),
        /** Null: without end. */
        ttlMs: z.number().nullable(),
        hits: z.number(),
        shared: z.number(),
      }),
      providers: z.record(z.string(), breakerReport),
    }),
  ),
}
