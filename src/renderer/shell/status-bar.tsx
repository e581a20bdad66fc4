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
        {cost.map(({ label, text, loss, meaning, steady }) => (
          <li key={label} className={loss ? styles.loss : undefined} title={meaning}>
            {label} <span className={steady ? styles.value : undefined}>{text}</span>
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
  readonly meaning: string
  /** True when something was dropped: then the window is not the whole truth. */
  readonly loss: boolean
  /** It always stands there, and must not move its neighbours when it changes. */
  readonly steady: boolean
}

function describeCost(frame: TelemetryFrame | null): readonly Cost[] {
  if (frame === null) return []
  const loss = (label: string, count: number, meaning: string, severe = true): Cost[] =>
    count === 0 ? [] : [{ label, text: formatCompact(count), meaning, loss: severe, steady: false }]
  const losses = [
    ...loss('no longer kept', frame.tokensEvicted, 'Finished tokens that cannot be looked at any more'),
    ...loss('frames merged', frame.framesMerged, 'Measurements that this window did not get one by one', false),
    ...loss('log lines dropped', frame.logLinesDropped, 'Lines that operations wrote beyond those kept'),
  ]
  // In front: what always stands there keeps its place when they come.
  return [
    ...losses,
    {
      label: 'control thread',
      text: formatShare(frame.controlShare, true),
      meaning: 'Share of one core that scheduling itself uses',
      loss: false,
      steady: true,
    },
    {
      label: 'journal',
      text: formatShare(frame.keepingShare, true),
      meaning:
        'Share of one core that the threads use which keep things on the disk: journal, history and receipts; over ten seconds',
      loss: false,
      steady: true,
    },
    {
      label: 'other threads',
      text: formatShare(frame.restShare, true),
      meaning:
        'Share of one core that the rest of the host uses: serving windows, files, collecting garbage; over ten seconds. Workers are not in it.',
      loss: false,
      steady: true,
    },
    {
      label: 'timer late',
      text: formatDuration(frame.controlDelay),
      meaning: 'How late a timer of the control thread was: how long it was busy',
      loss: false,
      steady: true,
    },
    {
      label: 'tokens kept',
      text: formatCompact(frame.tokensKept),
      meaning: 'Tokens that can be looked at: all live ones and the newest finished ones',
      loss: false,
      steady: true,
    },
  ]
}
