import type { TokenDetail } from '../../../shared/contract/tokens.ts'
import { useWallClock } from '../../client/host-context.tsx'
import { DetailSection } from '../../table/detail-section.tsx'
import { classNames } from '../../ui/class-names.ts'
import { formatDateTime, formatDuration, formatTimeOfDay, missing } from '../../ui/format.ts'
import { StateMark } from '../../ui/state-mark.tsx'
import { stateLabels } from '../../ui/state-shapes.ts'
import { type LifeSegment, lifeSegments, lifeSpan, lifeSteps, placeOf } from './life-cycle.ts'
import styles from './life-cycle-view.module.css'

/** The token's life drawn in time, and the same as a table: when it entered each state and how long it stayed. */
export function LifeCycleView({ detail }: { readonly detail: TokenDetail }) {
  const steps = lifeSteps(detail)
  const span = lifeSpan(detail)
  const segments = Map.groupBy(lifeSegments(steps), (segment) => segment.attempt)
  const several = detail.attempts.length > 1
  return (
    <DetailSection title="Life" note={formatDuration(span.to - span.from)}>
      <div className={styles.drawing} aria-hidden="true">
        {detail.attempts.map(({ attempt }) => (
          <div key={attempt} className={styles.lane}>
            {several ? <span className={styles.attempt}>{attempt}</span> : null}
            <div className={styles.track}>
              {segments.get(attempt)?.map((segment) => (
                <Bar key={`${segment.state} ${segment.from}`} segment={segment} span={span} />
              ))}
            </div>
          </div>
        ))}
      </div>
      <StepTable detail={detail} from={span.from} several={several} />
    </DetailSection>
  )
}

function Bar({ segment, span }: { readonly segment: LifeSegment; readonly span: ReturnType<typeof lifeSpan> }) {
  const { left, width } = placeOf(segment, span)
  return (
    <span
      className={classNames(styles.bar, styles[segment.state.toLowerCase()], segment.lasts && styles.lasts)}
      style={{ left: `${left}%`, width: `${width}%` }}
      title={`${stateLabels[segment.state]} ${formatDuration(segment.to - segment.from)}`}
    />
  )
}

interface StepTableProps {
  readonly detail: TokenDetail
  readonly from: number
  readonly several: boolean
}

function StepTable({ detail, from, several }: StepTableProps) {
  const wallOf = useWallClock()
  return (
    <table className={styles.steps}>
      <thead>
        <tr>
          {several ? <th scope="col">Attempt</th> : null}
          <th scope="col">State</th>
          <th scope="col" className={styles.number}>
            At
          </th>
          <th scope="col" className={styles.number}>
            After
          </th>
          <th scope="col" className={styles.number}>
            Took
          </th>
        </tr>
      </thead>
      <tbody>
        {lifeSteps(detail).map(({ attempt, state, at, took, lasts }) => (
          <tr key={`${attempt} ${state}`}>
            {several ? <td>{attempt}</td> : null}
            <td>
              <StateMark state={state} />
            </td>
            <td className={styles.number} title={wallOf === null ? undefined : formatDateTime(wallOf(at), true)}>
              {wallOf === null ? missing : formatTimeOfDay(wallOf(at), true)}
            </td>
            <td className={styles.number}>+{formatDuration(at - from)}</td>
            <td className={styles.number}>
              {took === null ? missing : lasts ? `${formatDuration(took)} so far` : formatDuration(took)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
