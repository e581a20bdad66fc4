import { z } from 'zod'
import { freeFields, nothing, operationType, reason } from './common.ts'
import { procedure, stream } from './procedure.ts'

/** The tuple bus. Tuples and templates are objects in the encoding of values: plain JSON, with what it lacks tagged by `$type`. */

const fields = freeFields
const lane = z.string().max(256)
/** Milliseconds; null or left out waits for ever, 0 looks once. */
const timeoutMs = z.number().min(0).max(2_147_483_647).nullable().default(null)
const leaseMs = z.number().int().min(10).max(86_400_000)
const leaseName = z.strictObject({ lease: z.string().min(1).max(200) })
const held = z.object({
  /** False: its time was over before, and the tuple may be in other hands. */
  done: z.boolean(),
})

const taken = z.object({
  /** Null: none came in time. */
  tuple: fields.nullable(),
  /** For `bus.acknowledge`, `bus.renew` and `bus.giveBack`; null when the tuple was taken for good. */
  lease: z.string().nullable(),
  /** How often the tuple was lent, this time included; 1 when it was taken for good. */
  deliveries: z.number(),
})

export const breakerReport = z.object({
  state: z.enum(['closed', 'open', 'half-open']),
  faults: z.number(),
  successes: z.number(),
  remainingMs: z.number(),
})

const laneSettings = z.strictObject({
  lane: lane.min(1),
  operation: operationType,
  /** The host's own when left out: 4 and 32, or what its environment says. */
  concurrency: z.number().int().min(1).max(1024).optional(),
  maxConcurrency: z.number().int().min(1).max(1024).optional(),
  adaptive: z.boolean().default(true),
  attempts: z.number().int().min(1).max(1000).default(5),
  backoffMs: z.number().min(0).max(600_000).default(100),
  backoffMaxMs: z.number().min(0).max(3_600_000).default(30_000),
  breakerThreshold: z.number().int().min(1).max(10_000).default(10),
  breakerCooldownMs: z.number().min(1).max(3_600_000).default(10_000),
  leaseMs: z.number().int().min(100).max(3_600_000).default(30_000),
  batch: z.number().int().min(1).max(1024).default(1),
  batchWaitMs: z.number().min(0).max(60_000).default(0),
  cache: z.boolean().default(false),
  speculateMs: z.number().min(0).max(3_600_000).nullable().default(null),
  speculateWith: operationType.optional(),
  contextChars: z.number().int().min(64).nullable().default(null),
  wall: z.string().min(1).max(256).optional(),
  provider: z.string().min(1).max(256).optional(),
})

/** A lane that an operation works. */
export const laneWork = z.object({
  operation: operationType,
  state: z.enum(['running', 'paused', 'resting']),
  running: z.number(),
  /** How many may run at once now. */
  limit: z.number(),
  completed: z.number(),
  failed: z.number(),
  /** Tuples that went to the lane `dead.…` after their last attempt. */
  dead: z.number(),
  /** Of the completed ones: answered by an equal tuple, and brought by the second of two tokens. */
  answered: z.number(),
  speculated: z.number(),
  errorRate: z.number(),
  latencyMs: z.number(),
  breaker: breakerReport,
  /** What holds it to a share of the CPU time, and how much longer it begins nothing; null where nothing does. */
  quota: z.object({ quotaPct: z.number(), restMs: z.number() }).nullable(),
  problem: z.string().nullable(),
  settings: laneSettings,
})

export const busLane = z.object({
  /** Null: tuples without a lane. */
  lane: z.string().nullable(),
  waiting: z.number(),
  leased: z.number(),
  put: z.number(),
  taken: z.number(),
  /** In a second, over the last five. */
  putRate: z.number(),
  takenRate: z.number(),
  waiters: z.number(),
  work: laneWork.nullable(),
})
export type BusLane = z.infer<typeof busLane>

export const busWaiter = z.object({
  /** The template, or the name of a predicate. */
  wants: z.string(),
  lane: z.string().nullable(),
  yool: z.string().nullable(),
  takes: z.boolean(),
  by: z.string(),
  waitedMs: z.number(),
  /** Has waited for more than thirty seconds while others were served. */
  starves: z.boolean(),
})
export type BusWaiter = z.infer<typeof busWaiter>

export const busMatch = z.object({
  /** Milliseconds since 1970 UTC. */
  at: z.number(),
  id: z.string(),
  lane: z.string().nullable(),
  yool: z.string().nullable(),
  from: z.string(),
  to: z.string(),
  waitedMs: z.number(),
})
export const toldMatch = busMatch.extend({
  /** The token that was made of the tuple then, or took it; null when none is known. */
  token: z.string().nullable(),
})
export type BusMatch = z.infer<typeof toldMatch>

const laneCommandName = z.enum(['pause', 'resume', 'drain', 'kill'])

export const busProcedures = {
  'bus.out': procedure(
    'undoable',
    'Put a tuple; the answer comes once it is kept. A tuple whose id is there already is skipped. While the bus is full it waits for room.',
    z.strictObject({
      tuple: fields,
      /** Longest wait for room, milliseconds; null for ever, 0 not at all, left out as the option `busOutWaitMs` says. */
      timeoutMs: z.number().min(0).max(2_147_483_647).nullable().optional(),
    }),
    z.object({ id: z.string() }),
  ),
  'bus.in': procedure(
    'undoable',
    'Take the oldest tuple that matches, for good or for a time.',
    z.strictObject({ template: fields.default({}), timeoutMs, leaseMs: leaseMs.optional() }),
    taken,
  ),
  'bus.rd': procedure(
    'read',
    'Read the oldest tuple that matches, and leave it where it is.',
    z.strictObject({ template: fields.default({}), timeoutMs }),
    z.object({ tuple: fields.nullable() }),
  ),
  'bus.inp': procedure(
    'undoable',
    'As bus.in, without waiting.',
    z.strictObject({ template: fields.default({}), leaseMs: leaseMs.optional() }),
    taken,
  ),
  'bus.rdp': procedure(
    'read',
    'As bus.rd, without waiting.',
    z.strictObject({ template: fields.default({}) }),
    z.object({ tuple: fields.nullable() }),
  ),
  'bus.eval': procedure(
    'undoable',
    'Run an operation and put what it gives with these fields added; when it fails, an error tuple with them.',
    z.strictObject({ operation: operationType, arguments: z.array(z.unknown()).max(100).default([]), fields }),
    z.object({ token: z.string() }),
  ),
  'bus.acknowledge': procedure('undoable', 'A lent tuple is dealt with and gone.', leaseName, held),
  'bus.renew': procedure('undoable', 'Keep a lent tuple longer.', leaseName.extend({ leaseMs }), held),
  'bus.giveBack': procedure('undoable', 'Put a lent tuple back in its old place.', leaseName, held),
  'bus.lanes': procedure(
    'read',
    'Every lane that holds tuples or is worked, with depth, rates and state.',
    nothing,
    z.object({ store: z.enum(['memory', 'sqlite', 'redis']), lanes: z.array(busLane), total: z.number() }),
  ),
  'bus.tuples': procedure(
    'read',
    'Live tuples that match, oldest first, a page at a time.',
    z.strictObject({
      template: fields.default({}),
      offset: z.number().int().min(0).default(0),
      limit: z.number().int().min(1).max(1000).default(200),
    }),
    z.object({
      tuples: z.array(z.object({ tuple: fields, leased: z.boolean(), deliveries: z.number() })),
      matched: z.number(),
    }),
  ),
  'bus.waiters': procedure(
    'read',
    'Who waits for what in this host, longest first.',
    nothing,
    z.object({ waiters: z.array(busWaiter), total: z.number() }),
  ),
  'bus.matches': procedure(
    'read',
    'Which out satisfied which in lately, newest first.',
    z.strictObject({ limit: z.number().int().min(1).max(500).default(100) }),
    z.object({ matches: z.array(toldMatch) }),
  ),
  'bus.setLane': procedure(
    'undoable',
    'Let an operation work a lane: each tuple of it becomes a token, called with the tuple.',
    laneSettings.extend({ reason: reason.default('') }),
    z.object({ auditId: z.number() }),
  ),
  'bus.removeLane': procedure(
    'undoable',
    'Take back what bus.setLane said; what runs goes on.',
    z.strictObject({ lane: lane.min(1), reason: reason.default('') }),
    z.object({ removed: z.boolean(), auditId: z.number() }),
  ),
  'bus.laneCommand': procedure(
    'destructive',
    'Pause or resume a lane; drain discards what waits in it; kill also kills the tokens it made.',
    z.strictObject({ lane: lane.min(1), command: laneCommandName, reason: reason.default('') }),
    z.object({ discarded: z.number(), killed: z.number(), auditId: z.number() }),
  ),
}

export const busEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('out'), at: z.number(), id: z.string(), lane: z.string().nullable(), by: z.string() }),
  busMatch.extend({ kind: z.literal('in') }),
  /** So many were not told, because they came faster than they were read. */
  z.object({ kind: z.literal('dropped'), count: z.number() }),
])
export type BusEvent = z.infer<typeof busEvent>

export const busStreams = {
  'bus.events': stream('json', 'What is put and taken, as it happens; of a flood only the newest.', nothing, busEvent),
}
