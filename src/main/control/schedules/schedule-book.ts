import { randomUUID } from 'node:crypto'
import type { ScheduleInfo } from '../../../shared/contract/schedules.ts'
import { decodeValue } from '../../../shared/contract/values.ts'
import { GuardhouseError, toErrorData } from '../../../shared/errors.ts'
import { checkCron, dueRuns, type KeptSchedule, nextRuns, onTimeMs } from './schedule.ts'
import type { ScheduleStore } from './schedule-store.ts'

export interface ScheduleBookParts {
  readonly store: Pick<ScheduleStore, 'kept' | 'save'> | null
  /** Makes a token and tells its id; throws why it was not accepted. */
  readonly submit: (operation: string, values: readonly unknown[]) => string
  readonly canRun: (operation: string) => boolean
  readonly wallNow: () => number
  readonly onProblem: (text: string) => void
}

export type NewSchedule = Pick<KeptSchedule, 'operation' | 'arguments' | 'cron' | 'timezone' | 'missed'>

/** Looked at so often: a schedule may be late by this much, and a clock that jumps is noticed. Milliseconds. */
const tickMs = 500
const mostSchedules = 1000
const shownRuns = 5

/** Runs operations at their times. Whatever is due when the host starts, or when an operation comes back, follows the policy of its schedule. */
export class ScheduleBook implements Disposable {
  readonly #parts: ScheduleBookParts
  readonly #schedules: Map<string, KeptSchedule>
  readonly #timer: NodeJS.Timeout
  /** Wall milliseconds of the earliest thing to come; looked up again when anything changes. */
  #nextAt = 0
  /** Wall milliseconds of the tick before. */
  #tickedAt = 0

  constructor(parts: ScheduleBookParts) {
    this.#parts = parts
    this.#schedules = new Map(parts.store?.kept.map((schedule) => [schedule.id, schedule]))
    this.#timer = setInterval(() => this.tick(), tickMs)
    this.#timer.unref()
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }

  list(): ScheduleInfo[] {
    return [...this.#schedules.values()].map((schedule) => this.describe(schedule))
  }

  describe({ handledUntil, ...schedule }: KeptSchedule): ScheduleInfo {
    const { cron, timezone, paused, operation } = schedule
    // What was run before the clock was set back does not run again.
    const after = Math.max(this.#parts.wallNow(), handledUntil)
    return {
      ...schedule,
      nextRuns: paused ? [] : nextRuns(cron, timezone, after, shownRuns),
      waits: !this.#parts.canRun(operation),
    }
  }

  /** Throws `bad-request` for what cannot be read, and `not-found` for an operation that there is not. */
  create(asked: NewSchedule, createdBy: string): KeptSchedule {
    checkCron(asked.cron, asked.timezone)
    for (const value of asked.arguments) decodeValue(value)
    if (!this.#parts.canRun(asked.operation))
      throw new GuardhouseError('not-found', `there is no operation ${JSON.stringify(asked.operation)} that can be run`)
    if (this.#schedules.size >= mostSchedules)
      throw new GuardhouseError('too-large', `there are ${mostSchedules} schedules already`)
    const now = this.#parts.wallNow()
    const schedule: KeptSchedule = {
      ...asked,
      id: randomUUID(),
      paused: false,
      createdBy,
      createdAt: now,
      runs: 0,
      lastRunAt: null,
      lastToken: null,
      lastError: null,
      handledUntil: now,
    }
    this.#change(schedule)
    return schedule
  }

  setPaused(id: string, paused: boolean): KeptSchedule {
    return this.#change({ ...this.#find(id), paused, handledUntil: this.#parts.wallNow() })
  }

  /** Runs it once; its times stay as they are. Throws why the token was not accepted. */
  runNow(id: string): string {
    const schedule = this.#find(id)
    const token = this.#submit(schedule)
    this.#change({
      ...schedule,
      runs: schedule.runs + 1,
      lastRunAt: this.#parts.wallNow(),
      lastToken: token,
      lastError: null,
    })
    return token
  }

  delete(id: string): KeptSchedule {
    const schedule = this.#find(id)
    this.#schedules.delete(id)
    this.#save()
    return schedule
  }

  /** Runs what is due. The timer calls it, and whoever has changed which operations there are. */
  tick(): void {
    const now = this.#parts.wallNow()
    this.#noteClock(now)
    if (now < this.#nextAt) return
    for (const schedule of this.#schedules.values()) {
      if (!schedule.paused && this.#parts.canRun(schedule.operation)) this.#runDue(schedule, now)
    }
    this.#planNext()
  }

  /** Operations have come or gone. */
  operationsChanged(): void {
    this.#nextAt = 0
    this.tick()
  }

  #noteClock(now: number): void {
    const back = this.#tickedAt - now
    this.#tickedAt = now
    if (back <= onTimeMs || this.#schedules.size === 0) return
    this.#parts.onProblem(
      `The clock was set back by ${Math.round(back / 60_000)} minutes. What schedules ran in that time is not run again; pause and resume a schedule to let it go on at once.`,
    )
  }

  #runDue(schedule: KeptSchedule, now: number): void {
    const due = dueRuns(schedule, now)
    let next: KeptSchedule = { ...schedule, handledUntil: Math.max(now, schedule.handledUntil) }
    for (let run = 0; run < due; run++) {
      try {
        const token = this.#submit(schedule)
        next = { ...next, runs: next.runs + 1, lastRunAt: now, lastToken: token, lastError: null }
      } catch (error) {
        const { message } = toErrorData(error)
        next = { ...next, lastError: message }
        this.#parts.onProblem(`The schedule of ${schedule.operation} (${schedule.cron}) could not run: ${message}`)
        break
      }
    }
    this.#schedules.set(schedule.id, next)
    if (due > 0) this.#save()
  }

  #submit({ operation, arguments: encoded }: KeptSchedule): string {
    return this.#parts.submit(
      operation,
      encoded.map((value) => decodeValue(value)),
    )
  }

  #find(id: string): KeptSchedule {
    const schedule = this.#schedules.get(id)
    if (schedule === undefined) throw new GuardhouseError('not-found', `there is no schedule ${JSON.stringify(id)}`)
    return schedule
  }

  #change(schedule: KeptSchedule): KeptSchedule {
    this.#schedules.set(schedule.id, schedule)
    this.#save()
    this.#planNext()
    return schedule
  }

  #planNext(): void {
    this.#nextAt = Number.POSITIVE_INFINITY
    for (const { cron, timezone, paused, handledUntil, operation } of this.#schedules.values()) {
      if (paused || !this.#parts.canRun(operation)) continue
      const [next = Number.POSITIVE_INFINITY] = nextRuns(cron, timezone, handledUntil, 1)
      this.#nextAt = Math.min(this.#nextAt, next)
    }
  }

  #save(): void {
    this.#parts.store?.save([...this.#schedules.values()]).catch((error: unknown) => {
      this.#parts.onProblem(`The schedules could not be kept for the next start: ${toErrorData(error).message}`)
    })
  }
}
