import { healthClasses, healthOf, Reputation } from '../../src/main/engine/guard/reputation.ts'
import type { GuardReport, HealthClass, OperationGuard, QuarantineEntryInfo } from '../../src/shared/contract/guard.ts'
import { GuardhouseError } from '../../src/shared/errors.ts'
import type { CommandAnswers } from './command-answers.ts'
import type { Answers } from './made-up-host.ts'
import type { MadeUpOperation } from './made-up-operation.ts'
import type { MadeUpScheduler } from './made-up-scheduler.ts'

type Names =
  | 'guard.report'
  | 'guard.operations'
  | 'guard.block'
  | 'guard.unblock'
  | 'quarantine.list'
  | 'quarantine.approve'
  | 'quarantine.reject'
  | 'metrics.scrape'
  | 'history.dump'

/** Reputations invented from the counts of each operation. */
export class GuardAnswers {
  readonly #scheduler: MadeUpScheduler
  readonly #operations: readonly MadeUpOperation[]
  readonly #blocked = new Map<string, number>()
  readonly #quarantine: QuarantineEntryInfo[]
  readonly answers: Pick<Answers, Names>

  constructor(scheduler: MadeUpScheduler, operations: readonly MadeUpOperation[], commands: CommandAnswers) {
    this.#scheduler = scheduler
    this.#operations = operations
    this.#quarantine = operations.slice(2, 4).map((operation, index) => invented(operation, index + 1, scheduler.now()))
    const worst = operations[3]
    if (worst !== undefined) this.#blocked.set(worst.entry.operation, scheduler.now() - 40e6)
    this.answers = {
      'guard.report': () => this.report(),
      'guard.operations': () => ({ operations: operations.map((entry) => this.#guarded(entry)), now: scheduler.now() }),
      'guard.block': ({ operation, reason }) => {
        this.#blocked.set(operation, scheduler.now())
        return { operation, auditId: commands.record('block operation', operation, reason, 'refused') }
      },
      'guard.unblock': ({ operation, reason }) => {
        const unblocked = this.#blocked.delete(operation)
        return { operation, unblocked, auditId: commands.record('unblock operation', operation, reason, 'free') }
      },
      'quarantine.list': () => ({
        entries: this.#quarantine,
        pending: this.#quarantine.filter((entry) => entry.status === 'pending').length,
        now: scheduler.now(),
      }),
      'quarantine.approve': ({ id, reason }) => {
        const token = scheduler.store.tokens[0]?.id ?? 'token'
        this.#decide(id, 'approved', token)
        return { id, token, auditId: commands.record('approve call', `call ${id}`, reason, 'runs') }
      },
      'quarantine.reject': ({ id, reason }) => {
        this.#decide(id, 'rejected', null)
        return { id, auditId: commands.record('reject call', `call ${id}`, reason, 'given up') }
      },
      'metrics.scrape': () => ({ contentType: 'text/plain', text: '' }),
      'history.dump': () => ({ timestamp: Date.now() / 1000, total_executions: 0, executions: [] }),
    }
  }

  report(): GuardReport {
    const guarded = this.#operations.map((operation) => this.#guarded(operation))
    const count = (health: HealthClass) => guarded.filter((entry) => entry.health_status === health).length
    return {
      guard_house: {
        total_methods_tracked: guarded.length,
        total_executions_monitored: guarded.reduce((sum, entry) => sum + entry.total_attempts, 0),
        monitoring_uptime_seconds: this.#scheduler.now() / 1e6,
        health_distribution: Object.fromEntries(healthClasses.map((health) => [health, count(health)])) as Record<
          HealthClass,
          number
        >,
        blocked_methods: [...this.#blocked.keys()],
      },
      overflow_guard: {
        total_retries_created: 0,
        total_retries_succeeded: 0,
        total_retries_exhausted: 0,
        active_backups: 0,
        exhausted_backups: 0,
      },
      spike_detector: {
        input_spikes: 2,
        cost_spikes: 0,
        total_quarantined: this.#quarantine.length,
        total_approved: 0,
        total_rejected: 0,
        pending_review: this.#quarantine.filter((entry) => entry.status === 'pending').length,
      },
      affinity: {},
      threading_metrics: {
        tasks: { submitted: {}, completed: {}, failed: {} },
        duration: {},
        wait: {},
        gauges: { queue_depth: {}, workers_busy: {}, workers_idle: {}, worker_utilization: {}, worker_pattern: {} },
        convergence: { total_changes: 0, breakdown: {} },
      },
    }
  }

  #guarded(operation: MadeUpOperation): OperationGuard {
    const { entry, counts, index } = operation
    const failed =
      counts.FAILED +
      counts.TIMEOUT +
      (index % 5 === 3 ? counts.COMPLETED * 2 : index % 7 === 2 ? Math.round(counts.COMPLETED * 0.4) : 0)
    const attempts = counts.COMPLETED + failed
    const blockedAt = this.#blocked.get(entry.operation)
    const reputation = Object.assign(new Reputation(), {
      attempts,
      completed: counts.COMPLETED,
      failed,
      errors: failed,
      health: healthOf(counts.COMPLETED, attempts),
    })
    return {
      operation: entry.operation,
      total_attempts: attempts,
      successful_completions: counts.COMPLETED,
      failed_executions: failed,
      timeout_count: counts.TIMEOUT,
      error_count: counts.FAILED,
      quick_failure_count: failed - counts.FAILED - counts.TIMEOUT,
      killed_count: counts.KILLED,
      completion_rate: attempts === 0 ? 0 : counts.COMPLETED / attempts,
      total_execution_time: attempts * 0.02,
      min_execution_time: attempts === 0 ? null : 0.004,
      max_execution_time: attempts === 0 ? null : 1.3,
      health_status: reputation.health,
      recommendation: reputation.recommendation(),
      first_seen_at: 1,
      last_execution_at: this.#scheduler.now() - index * 2e6,
      block:
        blockedAt === undefined
          ? null
          : {
              reason: `${failed} of ${attempts} runs failed`,
              by: 'guard house',
              since: blockedAt,
              state: 'blocked',
              refused: 17,
              failedProbes: 1,
              probeIn: 21e6,
            },
      failures:
        failed === 0
          ? []
          : [
              {
                kind: 'operation-failed',
                message: 'connect ECONNREFUSED 127.0.0.1:5432',
                count: Math.ceil(failed * 0.8),
                firstAt: this.#scheduler.now() - 900e6,
                lastAt: this.#scheduler.now() - 4e6,
                token: this.#scheduler.store.tokens[0]?.id ?? null,
              },
              {
                kind: 'timeout',
                message: 'the token ran longer than 500 ms',
                count: Math.floor(failed * 0.2),
                firstAt: this.#scheduler.now() - 600e6,
                lastAt: this.#scheduler.now() - 60e6,
                token: null,
              },
            ],
      spikes: { inputs: index === 2 ? 2 : 0, runs: 0, averageScore: 320, calls: attempts },
    }
  }

  #decide(id: number, status: 'approved' | 'rejected', token: string | null): void {
    const entry = this.#quarantine.find((candidate) => candidate.id === id)
    if (entry === undefined) throw new GuardhouseError('not-found', `there is no call ${id} in quarantine`)
    Object.assign(entry, { status, token, reviewedBy: 'Ada', reviewedAt: this.#scheduler.now() })
  }
}

function invented({ entry }: MadeUpOperation, id: number, now: number): QuarantineEntryInfo {
  return {
    id,
    at: now - id * 95e6,
    operation: entry.operation,
    reason: 'arguments of about 4,200,016 bytes in 3 values are 812.4 times the usual score of 5,170',
    summary: '"orders-2024.csv", array of 262,500, object with 2 keys: since, until',
    bytes: 4_200_016,
    depth: 3,
    count: 262_503,
    score: 12_600_000,
    average: 5170,
    deviation: 81_140,
    predictedRun: 9.4e6,
    status: 'pending',
    reviewedBy: null,
    reviewedAt: null,
    token: null,
  }
}
