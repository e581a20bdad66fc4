import { setTimeout as delay } from 'node:timers/promises'
import { type ErrorKind, toErrorData } from '../../../../shared/errors.ts'
import type { TupleInput } from '../../../../shared/model/bus.ts'
import { AdaptiveLimit } from '../kernel/adaptive-limit.ts'
import { backoffMs } from '../kernel/backoff.ts'
import { CallGuards } from '../kernel/call-guards.ts'
import { type BreakerReport, CircuitBreaker } from '../kernel/circuit-breaker.ts'
import type { LentTuple } from '../lent-tuple.ts'
import type { TupleSpace } from '../tuple-space.ts'
import type { LaneDefinition } from './lane-definition.ts'
import { type LaneRun, type LaneScheduler, runTuples, type TokenEnd } from './lane-execution.ts'
import { type LaneQuota, type LaneShare, LaneThrottle } from './lane-throttle.ts'

export interface LaneReport {
  readonly definition: LaneDefinition
  readonly state: 'running' | 'paused' | 'resting'
  readonly running: number
  readonly limit: number
  readonly completed: number
  readonly failed: number
  readonly dead: number
  /** Of the completed ones: answered by an equal tuple, and brought by the second of two tokens. */
  readonly answered: number
  readonly speculated: number
  readonly errorRate: number
  readonly latencyMs: number
  readonly breaker: BreakerReport
  /** What holds it to a share of the CPU time; null where nothing does. */
  readonly quota: LaneQuota | null
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

/** Of what an operation threw, characters: notes and dead letters are tuples and must not grow too large for it. */
const longestMessage = 2000

/** Refusals that have nothing to do with what is in a tuple. */
const refusesAll: ReadonlySet<ErrorKind> = new Set(['not-found', 'overloaded', 'stopped'])

/** Tuples that are dealt with together: one, or a batch. */
interface LaneJob {
  readonly lents: readonly LentTuple[]
  /** Its tokens that were accepted. */
  readonly tokens: Set<string>
}

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
  readonly #guards: CallGuards
  readonly #share: LaneShare
  readonly #running = new Set<LaneJob>()
  /** Ends waiting for the next tuple when paused or stopped. */
  #taking: AbortController | null = null
  #paused = false
  #stopped = false
  #completed = 0
  #failed = 0
  #dead = 0
  #notes = 0
  #answered = 0
  #speculated = 0
  #problem: string | null = null
  #freed: (() => void) | null = null
  #loop: Promise<void> = Promise.resolve()

  constructor(
    definition: LaneDefinition,
    space: TupleSpace,
    scheduler: LaneScheduler,
    guards: CallGuards = new CallGuards(),
    share = new LaneThrottle().lane(),
  ) {
    this.#share = share
    const { concurrency, maxConcurrency, adaptive, provider } = definition
    const breaker = { threshold: definition.breakerThreshold, cooldownMs: definition.breakerCooldownMs }
    this.definition = definition
    this.#space = space
    this.#scheduler = scheduler
    this.#limit = new AdaptiveLimit({ initial: concurrency, max: Math.max(concurrency, maxConcurrency), adaptive })
    this.#breaker = provider === undefined ? new CircuitBreaker(breaker) : guards.providers.of(provider, breaker)
    this.#guards = guards
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

  /** Who it is on the bus. */
  get #name(): string {
    return `lane ${this.definition.lane}`
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
    const quota = this.#share.quota()
    const rests = breaker.state === 'open' || (quota !== null && quota.restMs > 0)
    return {
      definition: this.definition,
      state: this.#paused ? 'paused' : rests ? 'resting' : 'running',
      running: this.#running.size,
      limit: this.#limit.limit,
      completed: this.#completed,
      failed: this.#failed,
      dead: this.#dead,
      answered: this.#answered,
      speculated: this.#speculated,
      errorRate: this.#limit.errorRate,
      latencyMs: this.#limit.latencyMs,
      breaker,
      quota,
      problem: this.#problem,
      tokens: [...this.#running].flatMap(({ tokens }) => [...tokens]),
    }
  }

  async #work(): Promise<void> {
    while (!this.#stopped) {
      if (this.#paused || this.#running.size >= this.#limit.limit) await this.#untilFree()
      else if (!this.#scheduler.canRun(this.definition.operation)) await this.#withoutOperation()
      else if (this.#share.restMs() > 0) await this.#rest(this.#share.restMs())
      else if (!this.#breaker.tryBegin()) await this.#rest()
      else await this.#next()
    }
  }

  /** A tuple that was taken for nothing would have used one of its attempts up. */
  async #withoutOperation(): Promise<void> {
    const operation = JSON.stringify(this.definition.operation)
    this.#problem = `no open workspace has the operation ${operation}, or its module does not load`
    await this.#rest(troubleMs)
    if (this.#scheduler.canRun(this.definition.operation)) this.#problem = null
  }

  async #next(): Promise<void> {
    this.#taking = new AbortController()
    try {
      const lents = await this.#take(this.#taking.signal)
      if (lents.length === 0) return
      // It may have gone while this waited.
      if (!this.#scheduler.canRun(this.definition.operation)) return await this.#asUntaken(lents)
      this.#problem = null
      for (const job of jobsOf(lents)) {
        this.#running.add(job)
        void this.#handle(job)
      }
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

  async #asUntaken(lents: readonly LentTuple[]): Promise<void> {
    this.#breaker.neither()
    for (const lent of lents) await lent.giveBack(true).catch(() => false)
  }

  /** Waits for a tuple, and takes with it what else comes in time for the batch. */
  async #take(signal: AbortSignal): Promise<readonly LentTuple[]> {
    const { lane, leaseMs, batch, batchWaitMs } = this.definition
    const by = this.#name
    const first = await this.#space.lend({ lane }, { leaseMs, signal, by })
    if (first === null) return []
    const lents = [first]
    // A probe, and what failed before, goes alone.
    const most = this.#breaker.state === 'closed' && first.deliveries === 1 ? batch : 1
    const until = performance.now() + batchWaitMs
    while (lents.length < most) {
      const timeoutMs = Math.max(0, until - performance.now())
      // What was taken is dealt with, whatever keeps the rest from coming.
      const next = await this.#space.lend({ lane }, { leaseMs, signal, by, timeoutMs }).catch(() => null)
      if (next === null) break
      lents.push(next)
    }
    return lents
  }

  async #handle(job: LaneJob): Promise<void> {
    const { definition } = this
    const { leaseMs } = definition
    const busy = this.#running.size >= this.#limit.limit
    const renew = () => {
      for (const lent of job.lents) lent.renew(leaseMs).catch(() => undefined)
    }
    const renewing = setInterval(renew, leaseMs / 3)
    const began = performance.now()
    try {
      const tuples = job.lents.map(({ tuple }) => tuple)
      const accepted = (id: string) => void job.tokens.add(id)
      const run = await runTuples({ definition, tuples, accepted }, this.#scheduler, this.#guards)
      if (run.end.ranMs !== undefined) this.#share.ran(tuples, run.end.ranMs, this.#limit.limit)
      await this.#settle(job, run, performance.now() - began, busy)
    } catch (error) {
      await this.#notRun(job, error)
    } finally {
      clearInterval(renewing)
      this.#running.delete(job)
      this.#wake()
    }
  }

  async #settle(job: LaneJob, run: LaneRun, ms: number, busy: boolean): Promise<void> {
    const { end, how } = run
    const good = end.state === 'COMPLETED'
    const ran = how === 'ran' || how === 'speculated'
    if (ran) this.#limit.ended(ms / job.lents.length, good, busy)
    // What a person killed, a wall refused or an earlier answer brought says nothing of the operation.
    if (!ran || end.state === 'KILLED') this.#breaker.neither()
    else if (good) this.#breaker.succeeded()
    else this.#breaker.failed()
    this.#boundNotes(job.lents.length)
    if (good) return this.#done(job, run, ms)
    for (const lent of job.lents) await this.#tell(this.#note(lent, job, run, ms))
    this.#failed += job.lents.length
    const lost = (lent: LentTuple) => end.state === 'KILLED' || how === 'refused' || this.#isLast(lent)
    for (const lent of job.lents.filter(lost)) await this.#bury(lent, end)
    await this.#again(
      job,
      job.lents.filter((lent) => !lost(lent)),
    )
  }

  /** The note takes the place of the tuple, in one step. */
  async #done(job: LaneJob, run: LaneRun, ms: number): Promise<void> {
    this.#completed += job.lents.length
    if (run.how === 'answered') this.#answered += 1
    if (run.how === 'speculated') this.#speculated += 1
    for (const lent of job.lents) await lent.replace(this.#note(lent, job, run, ms), this.#name)
  }

  /** Of a failure. While the space is full there is no room for it, and what becomes of the tuple counts more. */
  async #tell(note: TupleInput): Promise<void> {
    try {
      await this.#space.out(note, { by: this.#name, timeoutMs: 0 })
    } catch (error) {
      if (toErrorData(error).kind !== 'overloaded') throw error
    }
  }

  #boundNotes(more: number): void {
    this.#notes += more
    if (this.#notes < notesBetweenLooks) return
    this.#notes = 0
    // A store that is away now is asked again after the next ones.
    this.#space.discard(auditLane, notesKept).catch(() => 0)
  }

  #isLast({ deliveries }: LentTuple): boolean {
    return deliveries >= this.definition.attempts
  }

  /** Held back for a while, then back in their places; others of the lane go on meanwhile. */
  async #again(job: LaneJob, lents: readonly LentTuple[]): Promise<void> {
    const [first] = lents
    if (first === undefined) return
    const { backoffMs: baseMs, backoffMaxMs: maxMs } = this.definition
    this.#running.delete(job)
    this.#wake()
    await delay(backoffMs(first.deliveries - 1, { baseMs, maxMs }), undefined, { ref: false })
    for (const lent of lents) await lent.giveBack()
  }

  async #bury(lent: LentTuple, { state, error }: TokenEnd): Promise<void> {
    const { lane } = this.definition
    const why = { state, kind: error?.kind ?? 'internal', message: clipped(error?.message ?? '') }
    const dead = { lane: `dead.${lane}`, tuple: lent.tuple, attempts: lent.deliveries, error: why }
    if (await lent.replace(dead, this.#name)) this.#dead += 1
  }

  /** The scheduler accepts nothing: the breaker does not count that, and where no tuple would be accepted it is no attempt either. */
  async #notRun({ lents }: LaneJob, error: unknown): Promise<void> {
    const { kind, message } = toErrorData(error)
    this.#breaker.neither()
    this.#problem = message
    await delay(troubleMs, undefined, { ref: false })
    for (const lent of lents) await lent.giveBack(refusesAll.has(kind)).catch(() => false)
  }

  #note({ tuple, deliveries }: LentTuple, { lents }: LaneJob, { end, token, how }: LaneRun, ms: number): TupleInput {
    const { operation, lane } = this.definition
    const { state, error } = end
    const good = state === 'COMPLETED'
    return {
      lane: auditLane,
      yool: typeof tuple.yool === 'string' ? tuple.yool : operation,
      tuple: tuple.id,
      from_lane: lane,
      operation,
      token,
      status: good ? (how === 'answered' ? 'cached' : 'ok') : 'error',
      state,
      attempt: deliveries,
      duration_ms: Math.trunc(ms),
      error: error === null ? null : { kind: error.kind, message: clipped(error.message) },
      ...(lents.length > 1 ? { batch: lents.length } : {}),
      ...(how === 'speculated' ? { speculated: true } : {}),
    }
  }

  #untilFree(): Promise<void> {
    return new Promise((resolve) => {
      this.#freed = resolve
    })
  }

  /** For so many milliseconds, or shorter: then it is looked again. */
  async #rest(forMs = Math.max(20, this.#breaker.report().remainingMs)): Promise<void> {
    const rest = delay(Math.min(forMs, troubleMs), undefined, { ref: false })
    await Promise.race([rest, this.#untilFree()])
  }

  #wake(): void {
    const freed = this.#freed
    this.#freed = null
    freed?.()
  }
}

/** What failed before goes alone, so that one bad tuple does not take a batch with it again. */
function jobsOf(lents: readonly LentTuple[]): LaneJob[] {
  const fresh = lents.filter(({ deliveries }) => deliveries === 1)
  const again = lents.filter(({ deliveries }) => deliveries > 1)
  const groups = [...(fresh.length > 0 ? [fresh] : []), ...again.map((lent) => [lent])]
  return groups.map((group) => ({ lents: group, tokens: new Set() }))
}

/** Texts that hold half of a surrogate pair could not be kept. */
function clipped(message: string): string {
  const short = message.length > longestMessage ? `${message.slice(0, longestMessage)}…` : message
  return short.toWellFormed()
}
