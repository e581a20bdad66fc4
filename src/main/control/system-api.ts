import type { RecentTelemetry, SystemInfo, systemProcedures } from '../../shared/contract/system.ts'
import type { Clock } from '../../shared/time.ts'
import type { MachineReadings } from '../engine/scheduler/reports.ts'
import type { AuditLog } from './audit-log.ts'
import { audited } from './audited.ts'
import type { HostScheduler } from './engine-surface.ts'
import type { HostApi } from './host-api.ts'
import type { OwnCost } from './own-cost.ts'
import type { ProcessShares } from './process-cost.ts'
import type { LossLedger } from './stream-senders.ts'

/** What does not change while the host runs. */
export type FixedSystemInfo = Omit<SystemInfo, 'readOnly' | 'options'>

export interface SystemApiParts {
  readonly scheduler: HostScheduler
  readonly audit: AuditLog
  readonly ledger: LossLedger
  readonly cost: OwnCost
  readonly machine: () => MachineReadings
  readonly clock: Clock
  readonly shares: () => ProcessShares
  readonly logLinesDropped: () => number
  readonly recentTelemetry: () => RecentTelemetry
  readonly info: FixedSystemInfo
}

/** A share over less than this says more of chance than of cost. */
const costIntervalMs = 1000

export function createSystemApi(parts: SystemApiParts): Pick<HostApi, keyof typeof systemProcedures> {
  const { scheduler, audit, ledger, cost, machine, clock, info, shares, logLinesDropped, recentTelemetry } = parts
  return {
    'system.info': (_input, caller) => ({
      ...info,
      readOnly: caller.readOnly,
      options: scheduler.liveOptions.infos(),
    }),

    'system.stats': () => {
      const stats = scheduler.reports.stats(machine())
      const { total_created: created, current_tokens: kept } = stats.token_pool
      return {
        ...stats,
        active: true,
        guard: scheduler.guard.report(),
        uptimeSeconds: clock.now() / 1_000_000,
        controlShare: cost.read(costIntervalMs),
        keepingShare: shares().keeping,
        restShare: shares().rest,
        lost: {
          framesMerged: ledger.framesMerged,
          logLinesDropped: logLinesDropped(),
          tokensEvicted: created - kept,
        },
      }
    },

    'system.recentTelemetry': recentTelemetry,

    'cores.setPattern': async ({ core, pattern, reason }, caller) => {
      await audited(audit, {
        caller,
        action: 'set pattern',
        target: `core ${core}`,
        reason,
        run: () => scheduler.setPattern(core, pattern, caller.peer.name),
        summarise: () => `${pattern} ${pattern === 1 ? 'worker' : 'workers'}`,
      })
      return { core, pattern }
    },
  }
}
