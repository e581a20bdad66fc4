import { useEffect, useRef } from 'react'

/** Calls `act` at an interval while the component is there; `everyMs` null for never. */
export function useEvery(everyMs: number | null, act: () => void): void {
  const newest = useRef(act)
  newest.current = act
  useEffect(() => {
    if (everyMs === null) return
    const timer = setInterval(() => newest.current(), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
}
