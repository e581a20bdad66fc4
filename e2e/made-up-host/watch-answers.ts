import type { HostEvent } from '../../src/shared/contract/system.ts'
import type { WatchTarget } from '../../src/shared/contract/watches.ts'
import type { Answers } from './made-up-host.ts'

/** Keeps what is watched; nothing of it ever happens. */
export function inventedWatches(
  announce: (event: HostEvent) => void,
): Pick<Answers, 'watches.list' | 'watches.add' | 'watches.remove'> {
  const watches = new Map<string, WatchTarget>()
  const answer = () => ({ watches: [...watches.values()] })
  const changed = () => {
    announce({ kind: 'watches-changed' })
    return answer()
  }
  return {
    'watches.list': answer,
    'watches.add': ({ target }) => {
      watches.set(JSON.stringify(target), target)
      return changed()
    },
    'watches.remove': ({ target }) => {
      watches.delete(JSON.stringify(target))
      return changed()
    },
  }
}
