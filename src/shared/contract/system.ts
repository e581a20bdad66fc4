import { z } from 'zod'
import { nothing, quantiles, stateCounts, tokenId } from './common.ts'
import { convergenceSummary } from './convergence.ts'
import { guardReport } from './guard.ts'
import { optionInfo } from './options.ts'
import { procedure, stream } from './procedure.ts'
import { tagStats } from './tags.ts'

export const coreInfo = z.object({
  core: z.number(),
  cpu: z.number(),
  package: z.number(),
  physicalCore: z.number(),
  siblings: z.array(z.number()),
  kind: z.enum(['performance', 'efficiency', 'unknown']),
})

export const topology = z.object({
  cores: z.array(coreInfo),
  packages: z.number(),
  physicalCores: z.number(),
  logicalCpus: z.number(),
  sharedCaches: z.array(z.object({ level: z.number(), sizeKiB: z.number().nullable(), cpus: z.array(z.number()) })),
  quotaCores: z.number().nullable(),
  usableCores: z.number(),
  model: z.string(),
  notes: z.array(z.string()),
})

export const systemInfo = z.object({
  version: z.string(),
  /** Contract version; grows when a procedure changes its meaning. */
  contract: z.number(),
  host: z.enum(['desktop', 'server', 'demo']),
  readOnly: z.boolean(),
  platform: z.string(),
  node: z.string(),
  electron: z.string().nullable(),
  pid: z.number(),
  /** Wall clock of the engine's epoch, milliseconds since 1970 UTC. */
  epochWall: z.number(),
  affinity: z.object({ supported: z.boolean(), name: z.string(), note: z.string().nullable() }),
  topology,
  options: z.array(optionInfo),
})
export type SystemInfo = z.infer<typeof systemInfo>

export const workerStates = ['absent', 'starting', 'idle', 'running', 'stopping', 'replacing'] as const
export type WorkerState = (typeof workerStates)[number]

const coreMap = z.record(z.string(), z.number())

/** The original's statistics (key for key) and what it leaves out. */
export const stats = z.object({
  active: z.boolean(),
  uptimeSeconds: z.number(),
  topology: z.object({
    physical_cores: z.number(),
    logical_cores: z.number(),
    workers_per_core: z.number(),
    total_workers: z.number(),
  }),
  token_pool: z.object({
    total_created: z.number(),
    total_killed: z.number(),
    total_admitted: z.number(),
    current_tokens: z.number(),
    tokens_by_state: stateCounts,
    paused: z.boolean(),
  }),
  admission_gate: z.object({ active: z.boolean(), total_admitted: z.number(), mode: z.string() }),
  worker_queue: z.object({
    num_cores: z.number(),
    workers_per_core: z.number(),
    total_workers: z.number(),
    total_executed: z.number(),
    total_failed: z.number(),
    core_position_counters: coreMap,
  }),
  affinity_distribution: z.record(
    z.string(),
    z.object({ heavy: z.number(), medium: z.number(), light: z.number(), total_tasks: z.number() }),
  ),
  /** Null while it is switched off. */
  convergence: convergenceSummary.nullable(),
  /** Storage tiers, sticky pins, conductor domains and retries. */
  tags: tagStats,
  /** Totals since start by final state, also of tokens no longer kept. */
  totals: stateCounts,
  waits: quantiles,
  runs: quantiles,
  throughputPerSecond: z.number(),
  workers: z.array(
    z.object({
      core: z.number(),
      slot: z.number(),
      state: z.enum(workerStates),
      asked: z.number(),
      confirmed: z.array(z.number()).nullable(),
      lastCpu: z.number().nullable(),
      threadId: z.number().nullable(),
      problem: z.string().nullable(),
      mailboxDepth: z.number(),
      executed: z.number(),
      restarts: z.number(),
      /** Process id of its child process; null when it has none. */
      process: z.number().nullable(),
      drifts: z.number(),
      running: z.string().nullable(),
    }),
  ),
  cores: z.array(
    z.object({
      core: z.number(),
      cpu: z.number(),
      pattern: z.number(),
      ours: z.number(),
      others: z.number(),
      idle: z.number(),
      depth: z.number(),
    }),
  ),
  /** What the original leaves out of its statistics. */
  guard: guardReport,
  /** Share of one core that the control thread itself uses, 0..1. */
  controlShare: z.number(),
  /** Share of one core that the threads use which keep things on the disk, over the last ten seconds; null when unknown. */
  keepingShare: z.number().nullable(),
  /** Share of one core that the rest of the host process uses, workers and control thread left out, over the last ten seconds; null when unknown. */
  restShare: z.number().nullable(),
  lost: z.object({ framesMerged: z.number(), logLinesDropped: z.number(), tokensEvicted: z.number() }),
})
export type Stats = z.infer<typeof stats>

/** What charts draw over time, in this order. Names of telemetry frames. */
export const chartedSeries = ['throughput', 'waitP50', 'waitP95', 'waitP99', 'runP50', 'runP95', 'runP99'] as const

const share = z.number().nullable()

/** What charts draw of the last minute, oldest first; null where nothing is known. */
export const recentTelemetry = z.array(
  z.object({
    /** Microseconds since the engine's epoch. */
    now: z.number(),
    /** One for each of throughput, waitP50, waitP95, waitP99, runP50, runP95, runP99. */
    values: z.array(z.number().nullable()).length(chartedSeries.length),
    /** For each core its share that is ours, 0..1, and that of the rest of the machine. */
    ours: z.array(share),
    others: z.array(share),
  }),
)
export type RecentTelemetry = z.infer<typeof recentTelemetry>

export const hostEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('workspace-changed'), generation: z.number() }),
  /** The entry with this number is new, or was told before and has changed since: submissions of a loop are one entry that grows. */
  z.object({ kind: z.literal('audit'), id: z.number() }),
  z.object({ kind: z.literal('paused-changed') }),
  z.object({ kind: z.literal('options-changed') }),
  z.object({ kind: z.literal('watches-changed') }),
  /** Something that a person asked to be told of. */
  z.object({
    kind: z.literal('watched'),
    title: z.string(),
    text: z.string(),
    token: tokenId.nullable(),
    at: z.number(),
  }),
  z.object({ kind: z.literal('notice'), level: z.enum(['info', 'warn', 'error']), text: z.string(), at: z.number() }),
  /** Events this connection missed because it read too slowly. */
  z.object({ kind: z.literal('dropped'), count: z.number() }),
])
export type HostEvent = z.infer<typeof hostEvent>

export const systemProcedures = {
  'system.info': procedure('read', 'What runs where, and every option with its range.', nothing, systemInfo),
  'system.stats': procedure('read', 'Statistics of the scheduler.', nothing, stats),
  'system.recentTelemetry': procedure(
    'read',
    'What charts draw of the last minute, every half second, for whoever has just connected.',
    nothing,
    recentTelemetry,
  ),
  'cores.setPattern': procedure(
    'undoable',
    'How many workers of a core routing may use.',
    z.strictObject({
      core: z.number().int().min(1),
      pattern: z.number().int().min(1),
      reason: z.string().max(1000).default(''),
    }),
    z.object({ core: z.number(), pattern: z.number() }),
  ),
}

export const systemStreams = {
  telemetry: stream(
    'binary',
    'Frames of shared/frames, at most 10 a second, each on one credit.',
    z.strictObject({ intervalMs: z.number().int().min(100).max(60_000).default(100) }),
    z.instanceof(ArrayBuffer),
  ),
  events: stream('json', 'What happened that no frame tells.', nothing, hostEvent),
}
