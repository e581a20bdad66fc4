import type { optionProcedures } from '../../shared/contract/options.ts'
import { toErrorData } from '../../shared/errors.ts'
import type { OptionChange } from '../engine/scheduler/live-options.ts'
import type { AuditLog } from './audit-log.ts'
import { audited } from './audited.ts'
import type { HostScheduler } from './engine-surface.ts'
import type { HostApi } from './host-api.ts'
import type { OptionStore } from './option-store.ts'

export interface OptionApiParts {
  readonly scheduler: Pick<HostScheduler, 'liveOptions'>
  readonly audit: AuditLog
  /** Null where nothing is kept: options then end with the host. */
  readonly options: Pick<OptionStore, 'save'> | null
  readonly notify: (level: 'warn', text: string) => void
}

export function createOptionApi(parts: OptionApiParts): Pick<HostApi, keyof typeof optionProcedures> {
  const { scheduler, audit, options, notify } = parts
  return {
    'options.set': async ({ changes, reason }, caller) => {
      const { result: changed, auditId } = await audited(audit, {
        caller,
        action: 'set options',
        target: Object.keys(changes).join(', '),
        reason,
        run: () => scheduler.liveOptions.set(changes),
        summarise: summariseChanges,
      })
      if (changed.length > 0) {
        // It holds already; that it cannot be kept is no reason to refuse it.
        await options?.save(scheduler.liveOptions.chosen).catch((error: unknown) => {
          notify('warn', `The options hold, but could not be kept for the next start: ${toErrorData(error).message}`)
        })
      }
      return { changed: [...changed], options: scheduler.liveOptions.infos(), auditId }
    },
  }
}

function summariseChanges(changed: readonly OptionChange[]): string {
  if (changed.length === 0) return 'nothing changed'
  return changed
    .map(({ name, from, to, applied }) => `${name} ${from} → ${to}${applied ? '' : ' from the next start on'}`)
    .join(', ')
}
