import { Cron } from 'croner'
import { z } from 'zod'
import { missedPolicies } from '../../../shared/contract/schedules.ts'
import { GuardhouseError, toErrorData } from '../../../shared/errors.ts'

/** A schedule as it is kept. Times are wall clock milliseconds. */
export const keptSchedule = z.object({
  id: z.string(),
  operation: z.string(),
  arguments: z.array(z.unknown()),
  cron: z.string(),
  timezone: z.string().nullable(),
  missed: z.enum(missedPolicies),
  paused: z.boolean(),
  createdBy: z.string(),
  createdAt: z.number(),
  runs: z.number(),
  lastRunAt: z.number().nullable(),
  lastToken: z.string().nullable(),
  lastError: z.string().nullable(),
  /** Everything that came due until then has been run or given up. */
  handledUntil: z.number(),
})
export type KeptSchedule = z.infer<typeof keptSchedule>

/** A run that is due is on time for so long; afterwards it is missed. Milliseconds. */
export const onTimeMs = 60_000
/** Runs that are made up for at the most. */
export const mostMadeUp = 100
/** Occurrences looked at between two ticks; a schedule of every second that slept a day has more, and they are missed anyway. */
const mostOccurrences = 1000

/** Throws `bad-request` that says what is wrong with the expression. */
export function checkCron(cron: string, timezone: string | null): void {
  if (timezone !== null) checkTimezone(timezone)
  try {
    if (patternOf(cron, timezone).nextRun() !== null) return
  } catch (cause) {
    throw new GuardhouseError(
      'bad-request',
      `the schedule ${JSON.stringify(cron)} cannot be read: ${toErrorData(cause).message}`,
      {
        hint: 'Write five fields, minute hour day month weekday, such as "*/5 * * * *", or six with seconds first.',
      },
    )
  }
  throw new GuardhouseError('bad-request', `the schedule ${JSON.stringify(cron)} never comes due`, {
    hint: 'Its time is past, or there is no such day.',
  })
}

function checkTimezone(timezone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone })
  } catch {
    throw new GuardhouseError('bad-request', `there is no timezone ${JSON.stringify(timezone)}`, {
      hint: 'Write its IANA name, such as Europe/Berlin or UTC.',
    })
  }
}

/** The next `count` times after `after`. */
export function nextRuns(cron: string, timezone: string | null, after: number, count: number): number[] {
  return patternOf(cron, timezone)
    .nextRuns(count, new Date(after))
    .map((date) => date.getTime())
}

/** How many runs are due now: what came due since it was handled last, by the schedule's policy for what was missed. Pure. */
export function dueRuns({ cron, timezone, missed, handledUntil }: KeptSchedule, now: number): number {
  if (now <= handledUntil) return 0
  const occurrences = nextRuns(cron, timezone, handledUntil, mostOccurrences).filter((at) => at <= now)
  const late = occurrences.filter((at) => now - at > onTimeMs).length
  const onTime = occurrences.length - late
  if (missed === 'all') return Math.min(mostMadeUp, occurrences.length)
  if (late === 0) return onTime
  // It was away for longer: of a schedule of every few seconds not all that is just on time is to run at once.
  return missed === 'once' ? 1 : Math.min(1, onTime)
}

function patternOf(cron: string, timezone: string | null): Cron {
  return new Cron(cron, { paused: true, ...(timezone === null ? {} : { timezone }) })
}
