import { Counter, Gauge, type MetricObjectWithValues, type MetricValue, Registry } from 'prom-client'
import { tokenStates } from '../../../shared/model/token.ts'
import type { Convergence } from '../scheduler/convergence/convergence.ts'
import type { CoreState } from '../scheduler/core-state.ts'
import type { SchedulerState } from '../scheduler/scheduler-state.ts'
import type { GuardHouse } from './guard-house.ts'
import { coreGauges, submittedOf } from './guard-report.ts'
import { type Distribution, runBuckets, waitBuckets } from './threading-metrics.ts'

type Labels = Readonly<Record<string, string | number>>
type Sample = readonly [labels: Labels, value: number]
type Series = readonly [labels: Labels, distribution: Distribution]

/**
 * The original's metrics by their own names (section 10.5), and a few of ours, in the text format of Prometheus. Everything is read
 * when somebody scrapes; a token pays nothing for it. Cores are numbered from 1, as everywhere here.
 */
export class PrometheusPage {
  readonly contentType: string
  readonly #registry = new Registry()

  constructor(state: SchedulerState, guard: GuardHouse, convergence: Convergence) {
    this.contentType = this.#registry.contentType
    this.#addTasks(state, guard)
    this.#addConvergence(convergence)
    this.#addCores(state)
    this.#gauge('guardhouse_tokens', 'Tokens by state; of final states, since the start', ['state'], () =>
      tokenStates.map((name, index) => [{ state: name }, state.counts[index] ?? 0]),
    )
    this.#gauge('guardhouse_blocked_operations', 'Operations that are refused', [], () => [
      [{}, guard.operations.filter((guarded) => guarded?.block != null).length],
    ])
  }

  text(): Promise<string> {
    return this.#registry.metrics()
  }

  #addTasks(state: SchedulerState, guard: GuardHouse): void {
    const nameOf = (index: number) => state.operations.at(index).operationType
    const pairs = () =>
      guard.metrics.byOperation.flatMap((cores, index) =>
        [...(cores ?? [])].map(([core, pair]) => ({ labels: { operation_type: nameOf(index), core_id: core }, pair })),
      )
    const byPair = ['operation_type', 'core_id']
    this.#counter('threading_tasks_submitted_total', 'Tokens accepted', ['operation_type'], () =>
      Object.entries(submittedOf(state)).map(([operation_type, count]) => [{ operation_type }, count]),
    )
    this.#counter('threading_tasks_completed_total', 'Tokens that completed', byPair, () =>
      pairs().map(({ labels, pair }) => [labels, pair.completed]),
    )
    this.#counter('threading_tasks_failed_total', 'Tokens that failed or ran out of time', byPair, () =>
      pairs().map(({ labels, pair }) => [labels, pair.failed]),
    )
    this.#histogram('threading_task_duration_seconds', 'Run time', runBuckets, () =>
      pairs().map(({ labels, pair }) => [labels, pair.runs]),
    )
    this.#histogram('threading_queue_wait_seconds', 'Wait from acceptance to the start of the run', waitBuckets, () =>
      [...guard.metrics.waits].map(([core_id, waits]) => [{ core_id }, waits]),
    )
  }

  #addConvergence(convergence: Convergence): void {
    const labels = ['core_id', 'from_pattern', 'to_pattern']
    this.#counter('threading_convergence_pattern_changes_total', 'Changes of patterns', labels, () =>
      [...convergence.log.steps].map(({ core, from, to, times }) => [
        { core_id: core, from_pattern: from, to_pattern: to },
        times,
      ]),
    )
  }

  #addCores(state: SchedulerState): void {
    const gauge = (name: string, help: string, value: (core: CoreState) => number) =>
      this.#gauge(name, help, ['core_id'], () => state.cores.map((core) => [{ core_id: core.core }, value(core)]))
    gauge('threading_queue_depth', 'Tokens in mailboxes behind those that run', (core) => coreGauges(core).depth)
    gauge('threading_workers_busy', 'Workers that run a token', (core) => coreGauges(core).busy)
    gauge('threading_workers_idle', 'Workers that routing uses and that run none', (core) => coreGauges(core).idle)
    gauge('threading_worker_pattern', 'Workers that routing uses', (core) => core.pattern)
    gauge('threading_worker_utilization_percent', 'Busy workers', (core) => coreGauges(core).utilization)
  }

  #counter(name: string, help: string, labelNames: readonly string[], read: () => Sample[]): void {
    const counter = new Counter({
      name,
      help,
      labelNames: [...labelNames],
      registers: [this.#registry],
      collect() {
        this.reset()
        for (const [labels, value] of read()) this.inc(labels, value)
      },
    })
    counter.reset()
  }

  #gauge(name: string, help: string, labelNames: readonly string[], read: () => Sample[]): void {
    const gauge = new Gauge({
      name,
      help,
      labelNames: [...labelNames],
      registers: [this.#registry],
      collect() {
        this.reset()
        for (const [labels, value] of read()) this.set(labels, value)
      },
    })
    gauge.reset()
  }

  /** The library's own histogram takes one value at a time; ours are counted already. */
  #histogram(name: string, help: string, bounds: readonly number[], read: () => Series[]): void {
    const get = async (): Promise<MetricObjectWithValues<MetricValue<string>>> => ({
      name,
      help,
      type: 'histogram' as never,
      aggregator: 'sum',
      collect: () => undefined,
      values: read().flatMap(([labels, distribution]) => valuesOf(name, bounds, labels, distribution)),
    })
    this.#registry.registerMetric({ name, get } as never)
  }
}

function valuesOf(name: string, bounds: readonly number[], labels: Labels, { buckets, sum, count }: Distribution) {
  let below = 0
  const cumulative = bounds.map((bound, index) => {
    below += buckets[index] ?? 0
    return { metricName: `${name}_bucket`, labels: { ...labels, le: bound }, value: below }
  })
  return [
    ...cumulative,
    { metricName: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, value: count },
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: count },
  ]
}
