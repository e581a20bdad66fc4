import { Ban } from 'lucide-react'
import type { HealthClass, OperationGuard } from '../../../shared/contract/guard.ts'
import { Link } from '../../shell/router-context.tsx'
import { classNames } from '../../ui/class-names.ts'
import { formatCount, formatShare } from '../../ui/format.ts'
import styles from './health-map.module.css'
import { healthOrder, healthWords } from './health-words.ts'

/** One cell for each operation that ran, worst first, coloured by its health; a click opens it. */
export function HealthMap({ operations }: { readonly operations: readonly OperationGuard[] }) {
  if (operations.length === 0) return null
  const sorted = [...operations].sort((a, b) => rank(a) - rank(b) || a.completion_rate - b.completion_rate)
  const count = (health: HealthClass) => operations.filter((entry) => entry.health_status === health).length
  const blocked = operations.filter((entry) => entry.block !== null).length
  return (
    <section className={styles.map} aria-label="Health of operations">
      <ul className={styles.cells}>
        {sorted.map((entry) => (
          <li key={entry.operation}>
            <Link
              to={['operations', entry.operation]}
              className={classNames(styles.cell, styles[entry.health_status], entry.block !== null && styles.blocked)}
              title={cellText(entry)}
              aria-label={cellText(entry)}
            >
              {entry.block === null ? healthWords[entry.health_status].sign : <Ban size={12} aria-hidden="true" />}
            </Link>
          </li>
        ))}
      </ul>
      <ul className={styles.legend}>
        {healthOrder.filter(count).map((health) => (
          <li key={health} className={styles.key}>
            <span className={classNames(styles.sample, styles[health])} aria-hidden="true">
              {healthWords[health].sign}
            </span>
            {`${formatCount(count(health))} ${healthWords[health].words}`}
          </li>
        ))}
        {blocked === 0 ? null : (
          <li className={styles.key}>
            <span className={classNames(styles.sample, styles.blocked)} aria-hidden="true">
              <Ban size={10} />
            </span>
            {`${formatCount(blocked)} blocked`}
          </li>
        )}
      </ul>
    </section>
  )
}

function rank(entry: OperationGuard): number {
  return entry.block === null ? healthOrder.indexOf(entry.health_status) : -1
}

function cellText({ operation, health_status, completion_rate, total_attempts, block }: OperationGuard): string {
  const health = `${healthWords[health_status].words}, ${formatShare(completion_rate)} of ${formatCount(total_attempts)} runs completed`
  return `${operation}: ${block === null ? '' : 'blocked; '}${health}`
}
