import type { GuardReport, OperationGuard } from '../../../shared/contract/guard.ts'
import { GuardhouseError } from '../../../shared/errors.ts'
import { TokenNarrator } from '../log/token-narrator.ts'
import type { Convergence } from '../scheduler/convergence/convergence.ts'
import type { OperationEntry } from '../scheduler/operation-table.ts'
import type { SchedulerState } from '../scheduler/scheduler-state.ts'
import { type ExecutionRecord, recentExecutions } from './execution-history.ts'
import { type GuardEvent, GuardHouse } from './guard-house.ts'
import { describeOperation, reportGuard } from './guard-report.ts'
import type { PrometheusPage } from './prometheus.ts'

type Notify = (level: 'info' | 'warn', text: string) => void

/** The guard house at its place in the scheduler: what it hears, what it tells, and how it is asked. */
export class GuardDesk {
  readonly house: GuardHouse
  readonly #state: SchedulerState
  readonly #convergence: Convergence
  readonly #notify: Notify
  #page: Promise<PrometheusPage> | null = null

  constructor(state: SchedulerState, convergence: Convergence, notify: Notify) {
    this.#state = state
    this.#convergence = convergence
    this.#notify = notify
    this.house = new GuardHouse({
      options: state.options,
      log: state.log,
      now: () => state.now(),
      onEvent: (event) => this.#tell(event),
    })
    state.observer.listen(this.house, ['again', 'ended'])
    new TokenNarrator(state.log, state.observer)
  }

  /** Throws `not-found` for a name that no workspace ever declared. */
  operation(operationType: string): OperationEntry {
    const entry = this.#state.operations.find(operationType)
    if (entry !== undefined) return entry
    throw new GuardhouseError('not-found', `there is no operation ${JSON.stringify(operationType)}`)
  }

  operations(): OperationGuard[] {
    return this.house.operations.flatMap((guarded) =>
      guarded === undefined ? [] : [describeOperation(this.#state, guarded)],
    )
  }

  report(): GuardReport {
    return reportGuard(this.#state, this.house, this.#convergence)
  }

  /** Figures for Prometheus. What makes them is loaded when somebody scrapes for the first time. */
  async scrape(): Promise<{ contentType: string; text: string }> {
    this.#page ??= this.#loadPage()
    const page = await this.#page
    return { contentType: page.contentType, text: await page.text() }
  }

  async #loadPage(): Promise<PrometheusPage> {
    const { PrometheusPage } = await import('./prometheus.ts')
    return new PrometheusPage(this.#state, this.house, this.#convergence)
  }

  recentExecutions(limit: number): ExecutionRecord[] {
    return recentExecutions(this.#state, limit)
  }

  #tell({ kind, operation, text }: GuardEvent): void {
    const level = kind === 'unblocked' ? 'info' : 'warn'
    this.#state.log.write(
      'guard',
      level,
      () => text,
      () => ({ operation }),
    )
    // A spike alone is for the log: it asks for nothing.
    if (kind !== 'spike') this.#notify(level, text)
  }
}
