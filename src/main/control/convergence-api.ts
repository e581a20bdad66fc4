import type { convergenceProcedures } from '../../shared/contract/convergence.ts'
import { describeDecision } from '../engine/scheduler/convergence/convergence-report.ts'
import type { AuditLog } from './audit-log.ts'
import { audited } from './audited.ts'
import type { HostScheduler } from './engine-surface.ts'
import type { HostApi } from './host-api.ts'

export interface ConvergenceApiParts {
  readonly scheduler: HostScheduler
  readonly audit: AuditLog
  readonly clock: { now(): number }
}

export function createConvergenceApi({
  scheduler,
  audit,
  clock,
}: ConvergenceApiParts): Pick<HostApi, keyof typeof convergenceProcedures> {
  const { log } = scheduler.convergence
  return {
    'convergence.status': () => scheduler.reports.convergence(),

    'convergence.decisions': ({ core, changesOnly, offset, limit }) => {
      const decisions = log.decisions(core ?? null, changesOnly)
      return {
        decisions: decisions.slice(offset, offset + limit).map(describeDecision),
        matched: decisions.length,
        now: clock.now(),
      }
    },

    'convergence.changes': ({ since }) => ({
      changes: log.changes.filter((change) => change.at >= since),
      total: log.totalChanges,
      now: clock.now(),
    }),

    'convergence.release': async ({ core, reason }, caller) => {
      const { result: released, auditId } = await audited(audit, {
        caller,
        action: 'release pattern',
        target: `core ${core}`,
        reason,
        run: () => scheduler.convergence.release(core),
        summarise: (done) => (done ? 'handed back to convergence' : 'nobody held it'),
      })
      return { core, released, auditId }
    },
  }
}
