import { useEffect, useRef } from 'react'
import { useHost } from '../../client/host-context.tsx'

// About a frame, which nobody sees. The host has answered by then as a rule, and to make room for the token and to fill it are one picture.
const patienceMs = 15

/** Returns what opens a token: it asks the host for it at once, and calls `open` a moment later, unless another is opened by then or the table is gone. */
export function useOpening(open: (id: string) => void): (id: string) => Promise<void> {
  const host = useHost()
  const newestOpen = useRef(open)
  newestOpen.current = open
  const wanted = useRef<string | null>(null)
  useEffect(
    () => () => {
      wanted.current = null
    },
    [],
  )
  return async (id) => {
    wanted.current = id
    await host.askAhead('tokens.get', { id }, patienceMs)
    if (wanted.current === id) newestOpen.current(id)
  }
}
