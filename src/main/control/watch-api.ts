import type { watchProcedures } from '../../shared/contract/watches.ts'
import type { HostApi } from './host-api.ts'
import type { HostEvents } from './host-events.ts'
import type { WatchList } from './watch-list.ts'

export interface WatchApiParts {
  readonly watches: WatchList
  readonly events: HostEvents
}

/** Not in the audit log: a watch changes nothing of any token. */
export function createWatchApi({ watches, events }: WatchApiParts): Pick<HostApi, keyof typeof watchProcedures> {
  const answer = () => ({ watches: watches.list() })
  return {
    'watches.list': answer,
    'watches.add': ({ target }) => {
      watches.add(target)
      events.emit({ kind: 'watches-changed' })
      return answer()
    },
    'watches.remove': ({ target }) => {
      watches.remove(target)
      events.emit({ kind: 'watches-changed' })
      return answer()
    },
  }
}
