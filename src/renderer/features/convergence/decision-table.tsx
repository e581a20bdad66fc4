import type { ConvergenceDecision } from '../../../shared/contract/convergence.ts'
import { useWallClock } from '../../client/host-context.tsx'
import { classNames } from '../../ui/class-names.ts'
import { formatDuration, formatTimeOfDay, missing } from '../../ui/format.ts'
import styles from './decision-table.module.css'
import { outcomeText, ruleText } from './decision-words.ts'

export interface DecisionTableProps {
  readonly decisions: readonly ConvergenceDecision[]
  readonly opened: number | null
  readonly onOpen: (decision: ConvergenceDecision) => void
}

/** Decisions, newest first; each can be opened. */
export function DecisionTable({ decisions, opened, onOpen }: DecisionTableProps) {
  const wallOf = useWallClock()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.scroller} tabIndex={0} aria-label="Decisions">
      <table className={styles.table}>
        <caption className="visually-hidden">Decisions, newest first</caption>
        <thead>
          <tr>
            <th scope="col" className={styles.when}>
              Last look
            </th>
            <th scope="col" className={styles.number}>
              Core
            </th>
            <th scope="col" className={styles.rule}>
              Rule
            </th>
            <th scope="col">Outcome</th>
            <th scope="col" className={styles.number}>
              Wait p95
            </th>
            <th scope="col" className={styles.number}>
              Busy
            </th>
            <th scope="col" className={styles.number}>
              Depth
            </th>
            <th scope="col" className={styles.number}>
              Looks
            </th>
          </tr>
        </thead>
        <tbody>
          {decisions.map((decision) => (
            <tr
              key={decision.id}
              className={classNames(
                decision.id === opened && styles.opened,
                decision.from !== decision.to && styles.change,
              )}
              onClick={() => onOpen(decision)}
            >
              <td>
                <button type="button" className={styles.open} aria-expanded={decision.id === opened}>
                  {wallOf === null ? missing : formatTimeOfDay(wallOf(decision.until))}
                </button>
              </td>
              <td className={styles.number}>{decision.core}</td>
              <td title={ruleText(decision.rule)}>{decision.rule}</td>
              <td title={outcomeText(decision)}>{outcomeText(decision)}</td>
              <td className={styles.number}>{waitText(decision)}</td>
              <td className={styles.number}>{`${decision.inputs.utilization.toFixed(0)} %`}</td>
              <td className={styles.number}>{decision.inputs.depth}</td>
              <td className={styles.number}>{decision.times}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function waitText({ inputs: { waitP95 } }: ConvergenceDecision): string {
  return waitP95 === null ? missing : formatDuration(waitP95 * 1e6)
}
