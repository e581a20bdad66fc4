import { useEffect, useRef, useState } from 'react'
import type { TimelineView } from '../../../../shared/contract/timeline.ts'
import { useHost, useQuery } from '../../../client/host-context.tsx'
import type { TimelineWindow } from './timeline-window.ts'

const everyMs = 500
const fewestColumns = 200
const mostColumns = 4096

/** What to draw for a window in time. A window that follows the present is read again while tokens change. */
export function useTimeline(window: TimelineWindow, width: number): { view: TimelineView | null; error: unknown } {
  const { telemetry } = useHost()
  const columns = Math.min(mostColumns, Math.max(fewestColumns, width))
  const query = useQuery('timeline.read', { ...window, columns })
  const { refresh } = query
  const follows = window.to === null
  const [version, setVersion] = useState(-1)
  const newest = useRef(version)
  newest.current = version
  useEffect(() => {
    if (!follows) return
    return telemetry.subscribe((frame) => {
      if (frame.tokensVersion === newest.current) return
      setVersion(frame.tokensVersion)
      refresh()
    }, everyMs)
  }, [telemetry, follows, refresh])
  return { view: query.data, error: query.error }
}
