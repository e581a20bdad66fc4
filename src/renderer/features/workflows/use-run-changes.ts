import { useEffect, useRef } from 'react'
import { useConnection } from '../../client/host-context.tsx'

/** Calls `listener` when the host says that a run changed; with null when any may have. */
export function useRunChanges(listener: (runs: readonly string[] | null, version: number) => void): void {
  const client = useConnection((state) => state.client)
  const newest = useRef(listener)
  newest.current = listener
  useEffect(() => {
    if (client === null) return
    let close: (() => void) | null = null
    let left = false
    client
      .subscribe('workflows', {}, ({ runs, version }) => newest.current(runs, version))
      .then(
        (subscription) => {
          if (left) subscription.close()
          else close = () => subscription.close()
        },
        // A lost connection is told by the frame around the page; the next one subscribes again.
        () => undefined,
      )
    return () => {
      left = true
      close?.()
    }
  }, [client])
}
