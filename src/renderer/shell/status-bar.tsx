import type { SystemInfo } from '../../shared/contract/system.ts'
import type { TelemetryFrame } from '../../shared/frames/telemetry.ts'
import { useFacts, useTelemetry } from '../client/host-context.tsx'
import { formatCompact, formatDuration, formatPlural, formatShare } from '../ui/format.ts'
import styles from './status-bar.module.css'

/** The bottom line: what the host is, and what watching it costs. */
export function StatusBar() {
  const info = useFacts((facts) => facts.info)
  const cost = useTelemetry(describeCost, 1000, (a, b) => JSON.stringify(a) === JSON.stringify(b))
  return (
    <footer className={styles.bar}>
      <ul className={styles.list} aria-label="Host">
        {info === null ? null : describeHost(info).map((text) => <li key={text}>{text}</li>)}
      </ul>
      <ul className={styles.list} aria-label="Cost of Guardhouse itself">
        {cost.map(({ label, text, loss }) => (
          <li key={label} className={loss ? styles.loss : undefined}>
            {label} {text}
          </li>
        ))}
      </ul>
    </footer>
  )
}

function describeHost(info: SystemInfo): readonly string[] {
  const { topology } = info
  const kind = { desktop: 'Desktop', server: 'Served', demo: 'Demo' }[info.host]
  return [
    `${kind} ${info.version}`,
    `${formatPlural(topology.cores.length, 'core')} of ${formatPlural(topology.logicalCpus, 'CPU')}`,
    topology.model,
  ]
}

interface Cost {
  readonly label: string
  readonly text: string
  /** True when something was dropped: then the window is not the whole truth. */
  readonly loss: boolean
}

function describeCost(frame: TelemetryFrame | null): readonly Cost[] {
  if (frame === null) return []
  const lost = (label: string, count: number): Cost => ({ label, text: formatCompact(count), loss: count > 0 })
  return [
    { label: 'control thread', text: formatShare(frame.controlShare, true), loss: false },
    { label: 'timer late', text: formatDuration(frame.controlDelay), loss: false },
    { label: 'tokens kept', text: formatCompact(frame.tokensKept), loss: false },
    lost('evicted', frame.tokensEvicted),
    lost('frames merged', frame.framesMerged),
    lost('log lines dropped', frame.logLinesDropped),
  ]
}
