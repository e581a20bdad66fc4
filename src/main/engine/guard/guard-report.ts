import type { GuardReport, HealthClass, OperationGuard, QuarantineEntryInfo } from '../../../shared/contract/guard.ts'
import type { Convergence } from '../scheduler/convergence/convergence.ts'
import type { CoreState } from '../scheduler/core-state.ts'
import type { SchedulerState } from '../scheduler/scheduler-state.ts'
import type { GuardedOperation, GuardHouse } from './guard-house.ts'
import type { QuarantineEntry } from './quarantine.ts'
import { healthClasses } from './reputation.ts'
import type { Distribution } from './threading-metrics.ts'

export function describeOperation(state: SchedulerState, guarded: GuardedOperation): OperationGuard {
  const { reputation, block, spikes } = guarded
  const now = state.now()
  const ran = reputation.attempts > 0
  return {
    operation: guarded.operation,
    total_attempts: reputation.attempts,
    successful_completions: reputation.completed,
    failed_executions: reputation.failed,
    timeout_count: reputation.timeouts,
    error_count: reputation.errors,
    quick_failure_count: reputation.quickFailures,
    killed_count: reputation.killed,
    completion_rate: reputation.completionRate,
    total_execution_time: reputation.runSum / 1e6,
    min_execution_time: ran ? reputation.runLeast / 1e6 : null,
    max_execution_time: ran ? reputation.runMost / 1e6 : null,
    health_status: reputation.health,
    recommendation: reputation.recommendation(),
    first_seen_at: reputation.firstSeenAt,
    last_execution_at: reputation.lastEndedAt,
    block:
      block === null
        ? null
        : {
            reason: block.reason,
            by: block.by,
            since: block.since,
            state: block.stateAt(now),
            refused: block.refused,
            failedProbes: block.failedProbes,
            probeIn: block.probeAt === Number.POSITIVE_INFINITY ? null : Math.max(0, block.probeAt - now),
          },
    failures: guarded.failures.list().map(({ lastToken, ...pattern }) => {
      const slot = state.table.find(lastToken)
      return { ...pattern, token: slot < 0 ? null : state.idOf(slot) }
    }),
    spikes: {
      inputs: spikes.inputSpikes,
      runs: spikes.costSpikes,
      averageScore: spikes.inputs.mean,
      calls: spikes.inputs.count,
    },
  }
}

export function describeEntry({
  id,
  at,
  operation,
  reason,
  summary,
  spike,
  ...entry
}: QuarantineEntry): QuarantineEntryInfo {
  const { input, average, deviation, predictedRun } = spike
  const { status, reviewedBy, reviewedAt, token } = entry
  return {
    id,
    at,
    operation,
    reason,
    summary,
    ...input,
    average,
    deviation: deviation * 100,
    predictedRun,
    status,
    reviewedBy,
    reviewedAt,
    token,
  }
}

/** Everything that the original's statistics leave out. */
export function reportGuard(state: SchedulerState, guard: GuardHouse, convergence: Convergence): GuardReport {
  const known = guard.operations.filter((guarded) => guarded !== undefined)
  const sum = (of: (guarded: GuardedOperation) => number) => known.reduce((total, guarded) => total + of(guarded), 0)
  const { quarantine } = guard
  return {
    guard_house: {
      total_methods_tracked: known.length,
      total_executions_monitored: sum((guarded) => guarded.reputation.attempts),
      monitoring_uptime_seconds: (state.now() - guard.startedAt) / 1e6,
      health_distribution: Object.fromEntries(
        healthClasses.map((health) => [health, known.filter(({ reputation }) => reputation.health === health).length]),
      ) as Record<HealthClass, number>,
      blocked_methods: known.filter(({ block }) => block !== null).map(({ operation }) => operation),
    },
    overflow_guard: guard.overflow.report(),
    spike_detector: {
      input_spikes: sum((guarded) => guarded.spikes.inputSpikes),
      cost_spikes: sum((guarded) => guarded.spikes.costSpikes),
      total_quarantined: quarantine.total,
      total_approved: quarantine.approved,
      total_rejected: quarantine.rejected,
      pending_review: quarantine.pending,
    },
    affinity: Object.fromEntries(state.cores.map((core) => [`core_${core.core}`, affinityOf(core)])),
    threading_metrics: threadingSnapshot(state, guard, convergence),
  }
}

function affinityOf(core: CoreState): GuardReport['affinity'][string] {
  const [heavy = 0, medium = 0, light = 0] = core.placedByWeight
  const total = heavy + medium + light
  const share = (count: number) => (total === 0 ? 0 : rounded((count / total) * 100, 2))
  return { heavy: share(heavy), medium: share(medium), light: share(light), total_tasks: total }
}

/** `get_snapshot()` of the original, section 8.5. */
function threadingSnapshot(
  state: SchedulerState,
  guard: GuardHouse,
  convergence: Convergence,
): GuardReport['threading_metrics'] {
  const completed: Record<string, number> = {}
  const failed: Record<string, number> = {}
  const duration: GuardReport['threading_metrics']['duration'] = {}
  for (const [index, cores] of guard.metrics.byOperation.entries()) {
    for (const [core, pair] of cores ?? []) {
      const key = `${state.operations.at(index).operationType}:core_${core}`
      completed[key] = pair.completed
      failed[key] = pair.failed
      duration[key] = { ...averageOf(pair.runs), min: rounded(pair.runs.least, 6), max: rounded(pair.runs.most, 6) }
    }
  }
  const wait = [...guard.metrics.waits].map(([core, waits]) => [
    `core_${core}`,
    { ...averageOf(waits), max: rounded(waits.most, 6) },
  ])
  const breakdown: Record<string, number> = {}
  for (const { core, from, to } of convergence.log.changes) {
    const key = `core_${core}_from_${from}_to_${to}`
    breakdown[key] = (breakdown[key] ?? 0) + 1
  }
  return {
    tasks: { submitted: submittedOf(state), completed, failed },
    duration,
    wait: Object.fromEntries(wait),
    gauges: gaugesOf(state),
    convergence: { total_changes: convergence.log.totalChanges, breakdown },
  }
}

/** Tokens accepted so far by operation: those in every state, as ended ones stay counted. */
export function submittedOf(state: SchedulerState): Record<string, number> {
  return Object.fromEntries(
    state.operations.entries.map(({ operationType, counts }) => [
      operationType,
      counts.reduce((total, count) => total + count, 0),
    ]),
  )
}

/** What a core does now. */
export function coreGauges(core: CoreState) {
  const busy = core.workers.filter((worker) => worker.runningSlot() >= 0).length
  const idle = Math.max(0, core.pattern - busy)
  return { depth: core.backlog(), busy, idle, utilization: busy + idle === 0 ? 0 : (busy / (busy + idle)) * 100 }
}

function gaugesOf(state: SchedulerState): GuardReport['threading_metrics']['gauges'] {
  const of = (value: (core: CoreState) => number) =>
    Object.fromEntries(state.cores.map((core) => [`core_${core.core}`, value(core)]))
  return {
    queue_depth: of((core) => coreGauges(core).depth),
    workers_busy: of((core) => coreGauges(core).busy),
    workers_idle: of((core) => coreGauges(core).idle),
    worker_utilization: of((core) => rounded(coreGauges(core).utilization, 2)),
    worker_pattern: of((core) => core.pattern),
  }
}

function averageOf(of: Distribution): { count: number; avg: number } {
  return { count: of.count, avg: of.count === 0 ? 0 : rounded(of.sum / of.count, 6) }
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
