import { useEffect, useRef } from 'react'
import type { StateCounts } from '../../../shared/contract/common.ts'
import { useHost, useQuery } from '../../client/host-context.tsx'

const everyMs = 1000

/** How many of the kept tokens are in each state, at most once a second; null until it is known. */
export function useStateCounts(): StateCounts | null {
  const host = useHost()
  const stats = useQuery('system.stats', {})
  const newest = useRef(stats)
  newest.current = stats
  useEffect(() => {
    let version = Number.NaN
    return host.telemetry.subscribe((frame) => {
      if (frame.tokensVersion === version) return
      version = frame.tokensVersion
      newest.current.refresh()
    }, everyMs)
  }, [host])
  return stats.data?.token_pool.tokens_by_state ?? null
}
