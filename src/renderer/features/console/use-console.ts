import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import type { LineFilter } from '../../../shared/contract/log.ts'
import { useHost } from '../../client/host-context.tsx'
import { ConsoleFeed, type ConsoleState } from './console-feed.ts'

/** The lines that match, kept up to date while `follow`. `filter` is compared by its JSON: pass fresh objects without worry. */
export function useConsole(filter: LineFilter, follow: boolean): ConsoleState {
  const host = useHost()
  const key = JSON.stringify(filter)
  const first = useRef({ filter, key })
  const feed = useMemo(() => new ConsoleFeed(host, first.current.filter), [host])
  useEffect(() => {
    feed.start()
    return () => feed[Symbol.dispose]()
  }, [feed])
  useEffect(() => {
    if (first.current.key === key) return
    const changed = JSON.parse(key) as LineFilter
    first.current = { filter: changed, key }
    feed.setFilter(changed)
  }, [feed, key])
  useEffect(() => feed.setFollowing(follow), [feed, follow])
  return useSyncExternalStore(feed.store.subscribe, feed.store.getState)
}
