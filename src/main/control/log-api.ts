import type { logProcedures } from '../../shared/contract/log.ts'
import type { AuditLog } from './audit-log.ts'
import { audited } from './audited.ts'
import type { HostScheduler } from './engine-surface.ts'
import type { HostApi, HostStreams } from './host-api.ts'

export interface LogApiParts {
  readonly scheduler: Pick<HostScheduler, 'log'>
  readonly audit: AuditLog
}

export function createLogApi({ scheduler, audit }: LogApiParts): Pick<HostApi, keyof typeof logProcedures> {
  const { log } = scheduler
  const state = () => ({ enabled: log.enabled, channels: log.modes() })
  return {
    'log.query': ({ limit, ...filter }) => log.query(filter, limit),
    'log.channels': state,
    'log.configure': async ({ enabled, channels }, caller) => {
      const changes = Object.entries(channels).map(([channel, mode]) => `${channel} ${mode}`)
      await audited(audit, {
        caller,
        action: 'set log',
        target: [...(enabled === undefined ? [] : [enabled ? 'on' : 'off']), ...changes].join(', '),
        run: () => log.configure(enabled, channels),
        summarise: () => 'done',
      })
      return state()
    },
  }
}

export function createConsoleStream({ log }: Pick<HostScheduler, 'log'>): HostStreams['console'] {
  return {
    open: (filter, offer) => log.onLine((line) => offer({ kind: 'line', line }), filter),
    dropped: (count) => ({ kind: 'dropped', count }),
  }
}
