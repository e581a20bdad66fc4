import type { guardProcedures } from '../../shared/contract/guard.ts'
import { describeEntry } from '../engine/guard/guard-report.ts'
import type { AuditLog } from './audit-log.ts'
import { audited } from './audited.ts'
import type { HostScheduler } from './engine-surface.ts'
import type { HostApi } from './host-api.ts'

export interface GuardApiParts {
  readonly scheduler: HostScheduler
  readonly audit: AuditLog
  readonly clock: { now(): number; readonly epochWall: number }
}

export function createGuardApi({
  scheduler,
  audit,
  clock,
}: GuardApiParts): Pick<HostApi, keyof typeof guardProcedures> {
  const { guard } = scheduler
  const { house } = guard
  return {
    'guard.report': () => guard.report(),

    'guard.operations': () => ({ operations: guard.operations(), now: clock.now() }),

    'guard.block': async ({ operation, reason }, caller) => {
      const { auditId } = await audited(audit, {
        caller,
        action: 'block operation',
        target: operation,
        reason,
        run: () => house.block(guard.operation(operation), reason, caller.peer.name),
        summarise: () => 'refused until it is unblocked',
      })
      return { operation, auditId }
    },

    'guard.unblock': async ({ operation, reason }, caller) => {
      const { result: unblocked, auditId } = await audited(audit, {
        caller,
        action: 'unblock operation',
        target: operation,
        reason,
        run: () => house.unblock(guard.operation(operation), caller.peer.name),
        summarise: (done) => (done ? 'may be called again' : 'was not blocked'),
      })
      return { operation, unblocked, auditId }
    },

    'quarantine.list': ({ pendingOnly }) => ({
      entries: house.quarantine.list(pendingOnly).map(describeEntry),
      pending: house.quarantine.pending,
      now: clock.now(),
    }),

    'quarantine.approve': async ({ id, reason }, caller) => {
      const { result, auditId } = await audited(audit, {
        caller,
        action: 'approve call',
        target: `call ${id} in quarantine`,
        reason,
        run: () =>
          house.approve(id, caller.peer.name, ({ operation, values, settings }) => {
            // Whoever called may have ended long ago; the replay stands on its own.
            const { sequence } = scheduler.submit(operation, values, { ...settings, parent: 0, approved: true })
            return scheduler.idOf(sequence)
          }),
        summarise: ({ operation, token }) => `${operation} runs as ${token}`,
      })
      return { id, token: result.token ?? '', auditId }
    },

    'quarantine.reject': async ({ id, reason }, caller) => {
      const { auditId } = await audited(audit, {
        caller,
        action: 'reject call',
        target: `call ${id} in quarantine`,
        reason,
        run: () => house.reject(id, caller.peer.name),
        summarise: ({ operation }) => `a call of ${operation} is given up`,
      })
      return { id, auditId }
    },

    'metrics.scrape': () => guard.scrape(),

    'history.dump': ({ limit }) => {
      const executions = guard.recentExecutions(limit ?? scheduler.liveOptions.current.recentExecutionsMax)
      const timestamp = (clock.epochWall + clock.now() / 1000) / 1000
      return { timestamp, total_executions: executions.length, executions }
    },
  }
}
