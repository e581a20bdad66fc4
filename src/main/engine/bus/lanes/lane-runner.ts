import { setTimeout as delay } from 'node:timers/promises'
import { type ErrorData, toErrorData } from '../../../../shared/errors.ts'
import type { Tuple, TupleInput } from '../../../../shared/model/bus.ts'
import type { TokenState } from '../../../../shared/model/token.ts'
import { AdaptiveLimit } from '../kernel/adaptive-limit.ts'
import { backoffMs } from '../kernel/backoff.ts'
import { type BreakerReport, CircuitBreaker } from '../kernel/circuit-breaker.ts'
import type { LentTuple } from '../lent-tuple.ts'
import type { TupleSpace } from '../tuple-space.ts'
import type { LaneDefinition } from './lane-definition.ts'

/** How a lane makes tokens. */
export interface LaneScheduler {
  /** Accepts a call and resolves when its token has ended. `accepted` hears its id first. Throws what keeps it from being accepted. */
  run(operation: string, tuple: Tuple, accepted: (id: string) => void): Promise<TokenEnd>
}

export interface TokenEnd {
  readonly state: TokenState
  readonly value: unknown
  readonly error: ErrorData | null
}

export interface LaneReport {
  readonly definition: LaneDefinition
  readonly state: 'running' | 'paused' | 'resting'
  readonly running: number
  readonly limit: number
  readonly completed: number
  readonly failed: number
  readonly dead: number
  readonly errorRate: number
  readonly latencyMs: number
  readonly breaker: BreakerReport
  /** Why nothing of it is taken now, when something is wrong. */
  readonly problem: string | null
  readonly tokens: readonly string[]
}

/** Before a lane whose tuples cannot be taken or run is tried again, milliseconds. */
const troubleMs = 500
const auditLane = 'audit'
/** Notes that stay on it when nobody takes them, about; how many are put before the oldest are looked for. */
const notesKept = 10_000
const notesBetweenLooks = 500

/**
 * Works one lane: takes tuples under a lease, makes a token of each, and acknowledges a tuple only once its token has completed and
 * its note is on the lane `audit`. A failed one is tried again later; after the last attempt it goes, whole, to `dead.<lane>`.
 */
export class LaneRunner {
  readonly definition: LaneDefinition
  readonly #space: TupleSpace
  readonly #scheduler: LaneScheduler
  readonly #limit: AdaptiveLimit
  readonly #breaker: CircuitBreaker
  /** Tokens that have not ended, and those that are still about to be accepted as empty text. */
  readonly #running = new Map<LentTuple, string>()
  /** Ends waiting for the next tuple when paused or stopped. */
  #taking: AbortController | null = null
  #paused = false
  #stopped = false
  #completed = 0
  #failed = 0
  #dead = 0
  #notes = 0
  #problem: string | null = null
  #freed: (() => void) | null = null
  #loop: Promise<void> = Promise.resolve()

  constructor(definition: LaneDefinition, space: TupleSpace, scheduler: LaneScheduler) {
    const { concurrency, maxConcurrency, adaptive, breakerThreshold, breakerCooldownMs } = definition
    this.definition = definition
    this.#space = space
    this.#scheduler = scheduler
    this.#limit = new AdaptiveLimit({ initial: concurrency, max: Math.max(concurrency, maxConcurrency), adaptive })
    this.#breaker = new CircuitBreaker({ threshold: breakerThreshold, cooldownMs: breakerCooldownMs })
  }

  start(): void {
    this.#loop = this.#work()
  }

  pause(): void {
    this.#paused = true
    this.#taking?.abort()
  }

  resume(): void {
    this.#paused = false
    this.#wake()
  }

  get paused(): boolean {
    return this.#paused
  }

  /** Takes nothing more; what runs goes on and is still accounted for. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#taking?.abort()
    this.#wake()
    await this.#loop
  }

  report(): LaneReport {
    const breaker = this.#breaker.report()
    return {
      definition: this.definition,
      state: this.#paused ? 'paused' : breaker.state === 'open' ? 'resting' : 'running',
      running: this.#running.size,
      limit: this.#limit.limit,
      completed: this.#completed,
      failed: this.#failed,
      dead: this.#dead,
      errorRate: this.#limit.errorRate,
      latencyMs: this.#limit.latencyMs,
      breaker,
      problem: this.#problem,
      tokens: [...this.#running.values()].filter((id) => id !== ''),
    }
  }

  async #work(): Promise<void> {
    while (!this.#stopped) {
      if (this.#paused || this.#running.size >= this.#limit.limit) await this.#untilFree()
      else if (!this.#breaker.tryBegin()) await this.#rest()
      else await this.#next()
    }
  }

  async #next(): Promise<void> {
    const { lane, leaseMs } = this.definition
    this.#taking = new AbortController()
    try {
      const lent = await this.#space.lend({ lane }, { leaseMs, signal: this.#taking.signal, by: `lane ${lane}` })
      if (lent === null) return
      this.#problem = null
      this.#running.set(lent, '')
      void this.#handle(lent)
    } catch (error) {
      this.#breaker.neither()
      if (this.#paused || this.#stopped) return
      // The store is away: it says so itself; look again soon.
      this.#problem = toErrorData(error).message
      await this.#rest()
    } finally {
      this.#taking = null
    }
  }

  async #handle(lent: LentTuple): Promise<void> {
    const { operation, leaseMs } = this.definition
    const busy = this.#running.size >= this.#limit.limit
    const renewing = setInterval(() => void lent.renew(leaseMs).catch(() => undefined), leaseMs / 3)
    const began = performance.now()
    let token = ''
    try {
      const end = await this.#scheduler.run(operation, lent.tuple, (id) => {
        token = id
        this.#running.set(lent, id)
      })
      await this.#settle(lent, token, end, performance.now() - began, busy)
    } catch (error) {
      await this.#notRun(lent, error)
    } finally {
      clearInterval(renewing)
      this.#running.delete(lent)
      this.#wake()
    }
  }

  async #settle(lent: LentTuple, token: string, end: TokenEnd, ms: number, busy: boolean): Promise<void> {
    const good = end.state === 'COMPLETED'
    this.#limit.ended(ms, good, busy)
    await this.#space.out(this.#note(lent, token, end, ms), { by: `lane ${this.definition.lane}` })
    this.#notes += 1
    // A store that is away now is asked again after the next ones.
    if (this.#notes % notesBetweenLooks === 0) this.#space.discard(auditLane, notesKept).catch(() => 0)
    if (good) {
      this.#breaker.succeeded()
      this.#completed += 1
      await lent.acknowledge()
      return
    }
    this.#failed += 1
    // What a person killed says nothing of the operation.
    if (end.state === 'KILLED') this.#breaker.neither()
    else this.#breaker.failed()
    if (end.state === 'KILLED' || lent.deliveries >= this.definition.attempts) await this.#bury(lent, end)
    else await this.#again(lent)
  }

  /** Held back for a while, then back in its place; others of the lane go on meanwhile. */
  async #again(lent: LentTuple): Promise<void> {
    const { backoffMs: baseMs, backoffMaxMs: maxMs } = this.definition
    this.#running.delete(lent)
    this.#wake()
    await delay(backoffMs(lent.deliveries - 1, { baseMs, maxMs }), undefined, { ref: false })
    await lent.giveBack()
  }

  async #bury(lent: LentTuple, { state, error }: TokenEnd): Promise<void> {
    const { lane } = this.definition
    const why = { state, kind: error?.kind ?? 'internal', message: error?.message ?? '' }
    await this.#space.out(
      { lane: `dead.${lane}`, tuple: lent.tuple, attempts: lent.deliveries, error: why },
      { by: `lane ${lane}` },
    )
    this.#dead += 1
    await lent.acknowledge()
  }

  /** There is no such operation, or the scheduler accepts nothing: not the tuple's fault, so it goes back uncounted by the breaker. */
  async #notRun(lent: LentTuple, error: unknown): Promise<void> {
    this.#breaker.neither()
    this.#problem = toErrorData(error).message
    await delay(troubleMs, undefined, { ref: false })
    await lent.giveBack().catch(() => false)
  }

  #note({ tuple, deliveries }: LentTuple, token: string, { state, error }: TokenEnd, ms: number): TupleInput {
    const { operation, lane } = this.definition
    return {
      lane: auditLane,
      yool: typeof tuple.yool === 'string' ? tuple.yool : operation,
      tuple: tuple.id,
      from_lane: lane,
      operation,
      token,
      status: state === 'COMPLETED' ? 'ok' : 'error',
      state,
      attempt: deliveries,
      duration_ms: Math.trunc(ms),
      error: error === null ? null : { kind: error.kind, message: error.message },
    }
  }

  #untilFree(): Promise<void> {
    return new Promise((resolve) => {
      this.#freed = resolve
    })
  }

  async #rest(): Promise<void> {
    const { remainingMs } = this.#breaker.report()
    const rest = delay(Math.max(20, Math.min(remainingMs, troubleMs)), undefined, { ref: false })
    await Promise.race([rest, this.#untilFree()])
  }

  #wake(): void {
    const freed = this.#freed
    this.#freed = null
    freed?.()
  }
}
