import { Check, Minus, X } from 'lucide-react'
import type { ConvergenceDecision } from '../../../shared/contract/convergence.ts'
import { useWallClock } from '../../client/host-context.tsx'
import { DetailSection } from '../../table/detail-section.tsx'
import { Badge } from '../../ui/badge.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Facts } from '../../ui/facts.tsx'
import { formatDateTime, formatDuration, formatPlural, missing } from '../../ui/format.ts'
import styles from './decision-detail.module.css'
import { outcomeText, ruleText } from './decision-words.ts'

export interface DecisionDetailProps {
  readonly decision: ConvergenceDecision
  readonly onClose: () => void
}

/** One decision: what was measured, against what, which rule decided, and what each other rule would have done. */
export function DecisionDetail({ decision, onClose }: DecisionDetailProps) {
  const wallOf = useWallClock()
  const time = (at: number) => (wallOf === null ? missing : formatDateTime(wallOf(at)))
  const { inputs, thresholds } = decision
  return (
    <div className={styles.panel}>
      <header className={styles.header}>
        <div className={styles.line}>
          <h2 className={styles.title}>{`Core ${decision.core}: ${outcomeText(decision)}`}</h2>
          <IconButton
            size="small"
            label="Close the decision"
            icon={<X size={16} aria-hidden="true" />}
            onClick={onClose}
          />
        </div>
        <p className={styles.note}>
          {`Rule ${decision.rule}: ${ruleText(decision.rule)}. `}
          {decision.times === 1
            ? time(decision.at)
            : `${formatPlural(decision.times, 'look')} alike, ${time(decision.at)} to ${time(decision.until)}; figures of the newest.`}
        </p>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={styles.body} tabIndex={0} aria-label="Reasons">
        <DetailSection title="Measured">
          <Facts
            facts={[
              {
                label: 'Busy',
                value: `${inputs.utilization.toFixed(1)} % of ${formatPlural(decision.from, 'worker')}, ${inputs.busyWorkers.toFixed(2)} on average`,
              },
              {
                label: 'Wait p95',
                value: inputs.waitP95 === null ? 'no token began' : formatDuration(inputs.waitP95 * 1e6),
              },
              { label: 'Depth', value: formatPlural(inputs.depth, 'token') },
              { label: 'Ended', value: formatPlural(inputs.ended, 'token') },
              {
                label: 'ASI (recorded)',
                value: `${inputs.asi.toFixed(3)} s, ${inputs.asiTrend >= 0 ? '+' : ''}${inputs.asiTrend.toFixed(4)} s/s`,
              },
            ]}
          />
        </DetailSection>
        <DetailSection title="Thresholds" note="as they were then; see Settings">
          <Facts
            facts={[
              {
                label: 'Busy',
                value: `below ${thresholds.utilizationLow} % idle, above ${thresholds.utilizationHigh} % busy`,
              },
              { label: 'Wait p95', value: `above ${thresholds.queueWaitThreshold} s` },
              { label: 'Depth', value: `above ${thresholds.depthLimit}` },
              { label: 'Workers', value: `${thresholds.minimum} to ${thresholds.maximum}` },
              {
                label: 'Calm',
                value: `${formatPlural(thresholds.hold, 'look')} must agree, ${formatDuration(thresholds.cooldown)} between changes`,
              },
            ]}
          />
        </DetailSection>
        <DetailSection title="Rules" note="in the order in which they are asked">
          <RuleTable decision={decision} />
        </DetailSection>
      </section>
    </div>
  )
}

function RuleTable({ decision }: { readonly decision: ConvergenceDecision }) {
  return (
    <table className={styles.rules}>
      <caption className="visually-hidden">What each rule found and would have done</caption>
      <thead>
        <tr>
          <th scope="col">Rule</th>
          <th scope="col">Holds</th>
          <th scope="col">Compared</th>
          <th scope="col" className={styles.would}>
            Leads to
          </th>
        </tr>
      </thead>
      <tbody>
        {decision.verdicts.map((verdict) => (
          <tr key={verdict.rule} className={verdict.rule === decision.rule ? styles.deciding : undefined}>
            <th scope="row">
              {verdict.rule} {verdict.rule === decision.rule ? <Badge tone="info">decided</Badge> : null}
              {verdict.acts ? null : <Badge>recorded only</Badge>}
            </th>
            <td>
              {verdict.holds ? (
                <Check size={14} role="img" aria-label="yes" />
              ) : (
                <Minus size={14} role="img" aria-label="no" className={styles.faint} />
              )}
            </td>
            <td className={styles.faint}>{verdict.condition}</td>
            <td className={styles.would}>{verdict.holds ? verdict.would : missing}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
