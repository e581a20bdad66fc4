import { useTelemetry } from '../../client/host-context.tsx'
import { formatCompact } from '../../ui/format.ts'

/** Live tokens, for the navigation. */
export function LiveTokenCount() {
  return useTelemetry((frame) =>
    frame === null ? '' : formatCompact(frame.waitingNow + frame.admittedNow + frame.executingNow),
  )
}
