import type { OperationInfo } from '../../../shared/contract/operations.ts'
import { useOperations } from '../../client/use-operations.ts'
import { Link } from '../../shell/router-context.tsx'
import { Badge } from '../../ui/badge.tsx'
import { classNames } from '../../ui/class-names.ts'
import { formatCount, formatDuration, formatShown, missing } from '../../ui/format.ts'
import { Panel } from '../../ui/panel.tsx'
import { busiestOperations } from './busiest-operations.ts'
import styles from './operation-summary.module.css'

const shownAtMost = 8
const everyMs = 2000

/** What the cores are busy with, and what waits for them. */
export function OperationSummary() {
  const { data } = useOperations(everyMs)
  if (data === null) return null
  const rows = busiestOperations(data.operations, shownAtMost)
  if (rows.length === 0) return null
  return (
    <Panel
      title="Busiest operations"
      note={formatShown(rows.length, data.operations.length, 'operations')}
      actions={<Link to={['operations']}>All operations</Link>}
      flush
    >
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Operation</th>
            <th scope="col" className={styles.number}>
              Waiting
            </th>
            <th scope="col" className={styles.number}>
              Admitted
            </th>
            <th scope="col" className={styles.number}>
              Executing
            </th>
            <th scope="col" className={styles.number}>
              Completed
            </th>
            <th scope="col" className={styles.number}>
              Failed
            </th>
            <th scope="col" className={styles.number}>
              Wait p95
            </th>
            <th scope="col" className={styles.number}>
              Run p50
            </th>
            <th scope="col" className={styles.number}>
              Run p95
            </th>
            <th scope="col" className={styles.error}>
              Last error
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((operation) => (
            <Row key={operation.operation} operation={operation} />
          ))}
        </tbody>
      </table>
    </Panel>
  )
}

function Row({ operation }: { readonly operation: OperationInfo }) {
  const { counts } = operation
  const error = operation.lastError?.message
  return (
    <tr>
      <th scope="row">
        <Link to={['operations', operation.operation]} title={operation.operation}>
          {operation.operation}
        </Link>
        {operation.paused ? (
          <span className={styles.paused}>
            <Badge tone="warn">paused</Badge>
          </span>
        ) : null}
      </th>
      <Count value={counts.WAITING} />
      <Count value={counts.ADMITTED} />
      <Count value={counts.EXECUTING} />
      <Count value={counts.COMPLETED} />
      <Count value={counts.FAILED} bad />
      <td className={styles.number}>{formatDuration(operation.waits.p95)}</td>
      <td className={styles.number}>{formatDuration(operation.runs.p50)}</td>
      <td className={styles.number}>{formatDuration(operation.runs.p95)}</td>
      <td className={styles.error} title={error}>
        {error ?? missing}
      </td>
    </tr>
  )
}

function Count({ value, bad = false }: { readonly value: number; readonly bad?: boolean }) {
  return (
    <td className={classNames(styles.number, value === 0 && styles.zero, bad && value > 0 && styles.bad)}>
      {formatCount(value)}
    </td>
  )
}
