import type { scheduleProcedures } from '../../shared/contract/schedules.ts'
import { toErrorData } from '../../shared/errors.ts'
import type { AuditLog } from './audit-log.ts'
import { audited } from './audited.ts'
import type { HostApi } from './host-api.ts'
import { checkCron, nextRuns } from './schedules/schedule.ts'
import type { ScheduleBook } from './schedules/schedule-book.ts'

export interface ScheduleApiParts {
  readonly schedules: ScheduleBook
  readonly audit: AuditLog
}

const previewedRuns = 5

export function createScheduleApi({
  schedules,
  audit,
}: ScheduleApiParts): Pick<HostApi, keyof typeof scheduleProcedures> {
  return {
    'schedules.list': () => ({ schedules: schedules.list(), now: Date.now() }),

    'schedules.preview': ({ cron, timezone }) => {
      try {
        checkCron(cron, timezone)
        return { nextRuns: nextRuns(cron, timezone, Date.now(), previewedRuns), problem: null }
      } catch (error) {
        return { nextRuns: [], problem: toErrorData(error).message }
      }
    },

    'schedules.create': async ({ reason, ...asked }, caller) => {
      const { result, auditId } = await audited(audit, {
        caller,
        action: 'create schedule',
        target: asked.operation,
        reason,
        run: () => schedules.create(asked, caller.peer.name),
        summarise: ({ cron, id }) => `${cron}, schedule ${id}`,
      })
      return { schedule: schedules.describe(result), auditId }
    },

    'schedules.pause': async ({ id, reason }, caller) => {
      const { result, auditId } = await audited(audit, {
        caller,
        action: 'pause schedule',
        target: `schedule ${id}`,
        reason,
        run: () => schedules.setPaused(id, true),
        summarise: ({ operation }) => `of ${operation}`,
      })
      return { schedule: schedules.describe(result), auditId }
    },

    'schedules.resume': async ({ id, reason }, caller) => {
      const { result, auditId } = await audited(audit, {
        caller,
        action: 'resume schedule',
        target: `schedule ${id}`,
        reason,
        run: () => schedules.setPaused(id, false),
        summarise: ({ operation }) => `of ${operation}`,
      })
      return { schedule: schedules.describe(result), auditId }
    },

    'schedules.runNow': async ({ id, reason }, caller) => {
      const { result: token, auditId } = await audited(audit, {
        caller,
        action: 'run schedule',
        target: `schedule ${id}`,
        reason,
        run: () => schedules.runNow(id),
        summarise: (made) => `token ${made}`,
      })
      return { token, auditId }
    },

    'schedules.delete': async ({ id, reason }, caller) => {
      const { auditId } = await audited(audit, {
        caller,
        action: 'delete schedule',
        target: `schedule ${id}`,
        reason,
        run: () => schedules.delete(id),
        summarise: ({ operation, cron }) => `${cron} of ${operation}`,
      })
      return { id, auditId }
    },
  }
}
