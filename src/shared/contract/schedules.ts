import { z } from 'zod'
import { nothing, operationType, reason, tokenId } from './common.ts'
import { procedure } from './procedure.ts'

/** What happens to runs whose time came while the host was not there, or while the operation could not be run. */
export const missedPolicies = ['skip', 'once', 'all'] as const
export type MissedPolicy = (typeof missedPolicies)[number]

const cron = z.string().min(1).max(200)
const timezone = z.string().min(1).max(100).nullable()

export const scheduleInfo = z.object({
  id: z.string(),
  operation: operationType,
  /** In the encoding of contract/values.ts. */
  arguments: z.array(z.unknown()),
  /** Five or six fields, as croner reads them. */
  cron: z.string(),
  /** IANA name; null for that of the host. */
  timezone,
  missed: z.enum(missedPolicies),
  paused: z.boolean(),
  createdBy: z.string(),
  /** Wall clock, milliseconds since 1970 UTC, as all times here. */
  createdAt: z.number(),
  runs: z.number(),
  lastRunAt: z.number().nullable(),
  lastToken: tokenId.nullable(),
  /** Why the newest run was not accepted; null when it was. */
  lastError: z.string().nullable(),
  /** The next five, none while it is paused. */
  nextRuns: z.array(z.number()),
  /** Its operation cannot be run now: what comes due meanwhile counts as missed. */
  waits: z.boolean(),
})
export type ScheduleInfo = z.infer<typeof scheduleInfo>

const aboutSchedule = z.strictObject({ id: z.string().min(1).max(100), reason: reason.default('') })
const changed = z.object({ schedule: scheduleInfo, auditId: z.number() })

export const scheduleProcedures = {
  'schedules.list': procedure(
    'read',
    'Every schedule with its next runs.',
    nothing,
    z.object({ schedules: z.array(scheduleInfo), now: z.number() }),
  ),
  'schedules.preview': procedure(
    'read',
    'When an expression would run, or what is wrong with it.',
    z.strictObject({ cron, timezone: timezone.default(null) }),
    z.object({ nextRuns: z.array(z.number()), problem: z.string().nullable() }),
  ),
  'schedules.create': procedure(
    'undoable',
    'Run an operation with these arguments again and again.',
    z.strictObject({
      operation: operationType,
      arguments: z.array(z.unknown()).max(64).default([]),
      cron,
      timezone: timezone.default(null),
      missed: z.enum(missedPolicies).default('skip'),
      reason: reason.default(''),
    }),
    changed,
  ),
  'schedules.pause': procedure('undoable', 'Stop a schedule until it is resumed.', aboutSchedule, changed),
  'schedules.resume': procedure(
    'undoable',
    'Let a schedule run again; what came due meanwhile is not made up for.',
    aboutSchedule,
    changed,
  ),
  'schedules.runNow': procedure(
    'undoable',
    'Run a scheduled call once, now; killing its token undoes it.',
    aboutSchedule,
    z.object({ token: tokenId, auditId: z.number() }),
  ),
  'schedules.delete': procedure(
    'destructive',
    'Take a schedule away. Tokens it made are not touched.',
    aboutSchedule,
    z.object({ id: z.string(), auditId: z.number() }),
  ),
}
