import { Hand } from 'lucide-react'
import type { ConvergenceStatus, PatternChangeInfo } from '../../../shared/contract/convergence.ts'
import { useCommand } from '../../client/use-command.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { formatDuration } from '../../ui/format.ts'
import styles from './pattern-lanes.module.css'
import { patternStretches } from './pattern-steps.ts'

const laneHeight = 24
const laneWidth = 1000

export interface PatternLanesProps {
  readonly status: ConvergenceStatus
  readonly changes: readonly PatternChangeInfo[]
  /** Microseconds that are shown. */
  readonly span: number
  readonly onReleased: () => void
}

/** How many workers routing used of each core over time: one lane for each core, as high as the core has workers. */
export function PatternLanes({ status, changes, span, onReleased }: PatternLanesProps) {
  const start = Math.max(0, status.now - span)
  const states = status.cores.some(({ byHandFor, cooldownFor }) => byHandFor > 0 || cooldownFor > 0)
  return (
    <ul className={classNames(styles.lanes, states && styles.withStates)}>
      {status.cores.map(({ core, pattern, byHandFor, cooldownFor }) => (
        <li key={core} className={styles.lane}>
          <span className={styles.core}>Core {core}</span>
          <Lane
            label={`Workers of core ${core} over the last ${formatDuration(status.now - start)}`}
            stretches={patternStretches(changes, core, pattern, start, status.now)}
            workers={status.workersPerCore}
            start={start}
            now={status.now}
          />
          <span className={styles.now}>
            {pattern} of {status.workersPerCore}
          </span>
          {states ? (
            <span className={styles.state}>
              {byHandFor > 0 ? (
                <ByHand core={core} left={byHandFor} onReleased={onReleased} />
              ) : cooldownFor > 0 ? (
                <Badge>{`cooling down, ${formatDuration(cooldownFor)}`}</Badge>
              ) : null}
            </span>
          ) : null}
        </li>
      ))}
    </ul>
  )
}

interface LaneProps {
  readonly label: string
  readonly stretches: ReturnType<typeof patternStretches>
  readonly workers: number
  readonly start: number
  readonly now: number
}

function Lane({ label, stretches, workers, start, now }: LaneProps) {
  const x = (at: number) => ((at - start) / Math.max(1, now - start)) * laneWidth
  const y = (pattern: number) => laneHeight - 1 - (pattern / workers) * (laneHeight - 3)
  const points = stretches.flatMap(({ from, to, pattern }) => [
    `${x(from).toFixed(1)},${y(pattern).toFixed(1)}`,
    `${x(to).toFixed(1)},${y(pattern).toFixed(1)}`,
  ])
  return (
    <svg
      className={styles.chart}
      role="img"
      aria-label={label}
      viewBox={`0 0 ${laneWidth} ${laneHeight}`}
      preserveAspectRatio="none"
    >
      <polygon className={styles.area} points={`0,${laneHeight} ${points.join(' ')} ${laneWidth},${laneHeight}`} />
      <polyline className={styles.line} points={points.join(' ')} />
    </svg>
  )
}

function ByHand({
  core,
  left,
  onReleased,
}: {
  readonly core: number
  readonly left: number
  readonly onReleased: () => void
}) {
  const release = useCommand('convergence.release')
  return (
    <>
      <Badge tone="warn" icon={<Hand size={12} aria-hidden="true" />}>
        {`by hand, ${formatDuration(left)} left`}
      </Badge>
      <Button
        size="small"
        disabledReason={release.block}
        tooltip="Let convergence change this core again"
        onClick={() => void release.run({ core }).then(onReleased)}
      >
        Hand back
      </Button>
    </>
  )
}
