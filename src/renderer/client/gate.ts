import { useEffect, useState } from 'react'
import type { AuditEntry } from '../../shared/contract/commands.ts'
import { useHost, useHostEvents, useTelemetry } from './host-context.tsx'

/** Whether the admission gate is shut; null before the first frame. */
export function useGatePaused(): boolean | null {
  return useTelemetry((frame) => (frame === null ? null : frame.gatePaused === 1), 100)
}

// The newest pause of everything is among the newest pauses, unless hundreds of single tokens were paused since.
const entriesSearched = 100

/** The entry of the activity log that shut the gate; null while it is open, or when the log no longer has it. */
export function useGatePausedBy(): AuditEntry | null {
  const host = useHost()
  const paused = useGatePaused()
  const [by, setBy] = useState<AuditEntry | null>(null)
  const [asked, setAsked] = useState(0)
  useHostEvents((event) => {
    if (event.kind === 'paused-changed') setAsked((count) => count + 1)
  })
  useEffect(() => {
    setBy(null)
    if (paused !== true) return
    let current = asked >= 0
    host.call('audit.query', { text: 'pause', limit: entriesSearched }).then(
      ({ entries }) => {
        if (current) setBy(entries.find(shutsTheGate) ?? null)
      },
      // Who it was is only said in addition; that the gate is shut is known without it.
      () => undefined,
    )
    return () => {
      current = false
    }
  }, [host, paused, asked])
  return paused === true ? by : null
}

function shutsTheGate(entry: AuditEntry): boolean {
  return entry.action === 'pause' && entry.target === 'everything'
}
