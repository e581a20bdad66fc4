import { useEffect, useRef } from 'react'
import { useHost, useQuery } from './host-context.tsx'

/** A list of ten thousand costs the host a tenth of a second and the page more: it is asked for every five seconds. */
const perOperationMs = 0.5

/** Every operation with its counts, read again while tokens change: every `everyMs`, of thousands of operations more seldom. */
export function useOperations(everyMs: number) {
  const host = useHost()
  const query = useQuery('operations.list', {}, { onEvents: ['workspace-changed', 'paused-changed'] })
  const newest = useRef(query)
  newest.current = query
  useEffect(() => {
    let version = Number.NaN
    let askedAt = Number.NEGATIVE_INFINITY
    return host.telemetry.subscribe((frame) => {
      const rest = (newest.current.data?.operations.length ?? 0) * perOperationMs
      if (frame.tokensVersion === version || performance.now() < askedAt + rest) return
      version = frame.tokensVersion
      askedAt = performance.now()
      newest.current.refresh()
    }, everyMs)
  }, [host, everyMs])
  return query
}
