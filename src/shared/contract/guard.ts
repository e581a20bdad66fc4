import { z } from 'zod'
import { nothing, operationType, reason, tokenId } from './common.ts'
import { procedure } from './procedure.ts'

export const healthClass = z.enum(['unknown', 'excellent', 'healthy', 'at_risk', 'problematic'])
export type HealthClass = z.infer<typeof healthClass>

export const operationBlock = z.object({
  reason: z.string(),
  by: z.string(),
  since: z.number(),
  state: z.enum(['blocked', 'half-open', 'probing']),
  /** Calls refused since. */
  refused: z.number(),
  failedProbes: z.number(),
  /** Microseconds until a probe is let through; null for a block that only a person takes away. */
  probeIn: z.number().nullable(),
})
export type OperationBlockInfo = z.infer<typeof operationBlock>

/** One operation's reputation: the original's fields, run times in seconds. */
export const operationGuard = z.object({
  operation: operationType,
  total_attempts: z.number(),
  successful_completions: z.number(),
  failed_executions: z.number(),
  timeout_count: z.number(),
  error_count: z.number(),
  quick_failure_count: z.number(),
  killed_count: z.number(),
  /** 0..1. */
  completion_rate: z.number(),
  total_execution_time: z.number(),
  min_execution_time: z.number().nullable(),
  max_execution_time: z.number().nullable(),
  health_status: healthClass,
  recommendation: z.string(),
  /** Engine microseconds; 0 before the first. */
  first_seen_at: z.number(),
  last_execution_at: z.number(),
  block: operationBlock.nullable(),
  failures: z.array(
    z.object({
      kind: z.string(),
      message: z.string(),
      count: z.number(),
      firstAt: z.number(),
      lastAt: z.number(),
      /** Newest token that failed so; null when it is no longer kept. */
      token: tokenId.nullable(),
    }),
  ),
  spikes: z.object({ inputs: z.number(), runs: z.number(), averageScore: z.number(), calls: z.number() }),
})
export type OperationGuard = z.infer<typeof operationGuard>

const distribution = z.object({ count: z.number(), avg: z.number(), min: z.number(), max: z.number() })
const numbers = z.record(z.string(), z.number())

/** What the original leaves out of its statistics. Keys as it names them. */
export const guardReport = z.object({
  guard_house: z.object({
    total_methods_tracked: z.number(),
    total_executions_monitored: z.number(),
    monitoring_uptime_seconds: z.number(),
    health_distribution: z.record(healthClass, z.number()),
    blocked_methods: z.array(z.string()),
  }),
  overflow_guard: z.object({
    total_retries_created: z.number(),
    total_retries_succeeded: z.number(),
    total_retries_exhausted: z.number(),
    active_backups: z.number(),
    exhausted_backups: z.number(),
  }),
  spike_detector: z.object({
    input_spikes: z.number(),
    cost_spikes: z.number(),
    total_quarantined: z.number(),
    total_approved: z.number(),
    total_rejected: z.number(),
    pending_review: z.number(),
  }),
  /** Percent by weight and tokens in all, of what was really placed on each core. */
  affinity: z.record(
    z.string(),
    z.object({ heavy: z.number(), medium: z.number(), light: z.number(), total_tasks: z.number() }),
  ),
  /** Section 8.5 of the original, key for key; seconds with 6 decimals, percent with 2. */
  threading_metrics: z.object({
    tasks: z.object({ submitted: numbers, completed: numbers, failed: numbers }),
    duration: z.record(z.string(), distribution),
    wait: z.record(z.string(), z.object({ count: z.number(), avg: z.number(), max: z.number() })),
    gauges: z.object({
      queue_depth: numbers,
      workers_busy: numbers,
      workers_idle: numbers,
      worker_utilization: numbers,
      worker_pattern: numbers,
    }),
    convergence: z.object({ total_changes: z.number(), breakdown: numbers }),
  }),
})
export type GuardReport = z.infer<typeof guardReport>

export const quarantineEntry = z.object({
  id: z.number(),
  at: z.number(),
  operation: operationType,
  reason: z.string(),
  summary: z.string(),
  bytes: z.number(),
  depth: z.number(),
  count: z.number(),
  score: z.number(),
  average: z.number(),
  /** Percent above the average. */
  deviation: z.number(),
  /** Microseconds, if the run grows as the arguments do; null without runs. */
  predictedRun: z.number().nullable(),
  status: z.enum(['pending', 'approved', 'rejected', 'expired']),
  reviewedBy: z.string().nullable(),
  reviewedAt: z.number().nullable(),
  token: tokenId.nullable(),
})
export type QuarantineEntryInfo = z.infer<typeof quarantineEntry>

/** The original's dump file (section 9.3). Seconds, timestamps since 1970. */
export const executionDump = z.object({
  timestamp: z.number(),
  total_executions: z.number(),
  executions: z.array(
    z.object({
      token_id: z.string(),
      method_name: z.string(),
      success: z.boolean(),
      execution_time: z.number(),
      timestamp: z.number(),
      core_id: z.number(),
      worker_id: z.number(),
      operation_type: z.string(),
    }),
  ),
})
export type ExecutionDump = z.infer<typeof executionDump>

const aboutOperation = z.strictObject({ operation: operationType, reason: reason.default('') })
const aboutEntry = z.strictObject({ id: z.number().int().min(1), reason: reason.default('') })

export const guardProcedures = {
  'guard.report': procedure(
    'read',
    'Guard house, retries, spikes, affinity and threading metrics.',
    nothing,
    guardReport,
  ),
  'guard.operations': procedure(
    'read',
    'Reputation, failures and block of every operation that was called or blocked.',
    nothing,
    z.object({ operations: z.array(operationGuard), now: z.number() }),
  ),
  'guard.block': procedure(
    'undoable',
    'Refuse every further call of an operation until somebody unblocks it.',
    aboutOperation,
    z.object({ operation: operationType, auditId: z.number() }),
  ),
  'guard.unblock': procedure(
    'undoable',
    'Let an operation be called again.',
    aboutOperation,
    z.object({ operation: operationType, unblocked: z.boolean(), auditId: z.number() }),
  ),
  'quarantine.list': procedure(
    'read',
    'Calls held back because of their arguments, newest first.',
    z.strictObject({ pendingOnly: z.boolean().default(false) }),
    z.object({ entries: z.array(quarantineEntry), pending: z.number(), now: z.number() }),
  ),
  'quarantine.approve': procedure(
    'undoable',
    'Run a held call with its own arguments; killing its token undoes it.',
    aboutEntry,
    z.object({ id: z.number(), token: tokenId, auditId: z.number() }),
  ),
  'quarantine.reject': procedure(
    'destructive',
    'Give up a held call and its arguments.',
    aboutEntry,
    z.object({ id: z.number(), auditId: z.number() }),
  ),
  'metrics.scrape': procedure(
    'read',
    'Figures in the text format of Prometheus; `GET /metrics` answers the same.',
    nothing,
    z.object({ contentType: z.string(), text: z.string() }),
  ),
  'history.dump': procedure(
    'read',
    "The newest finished tokens in the original's file format, oldest first.",
    z.strictObject({ limit: z.number().int().min(1).max(1_000_000).optional() }),
    executionDump,
  ),
}
