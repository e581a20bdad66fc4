import { useSyncExternalStore } from 'react'
import { toErrorData } from '../../shared/errors.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import styles from './reading-problem.module.css'
import type { RowPage, RowWindow } from './row-window.ts'

export interface ReadingProblemProps<Row extends object, Page extends RowPage<Row>> {
  readonly rows: RowWindow<Row, Page>
}

/** Why the rows could not be read; a lost connection is told elsewhere. */
export function ReadingProblem<Row extends object, Page extends RowPage<Row>>({
  rows,
}: ReadingProblemProps<Row, Page>) {
  const { error } = useSyncExternalStore(rows.subscribe, rows.snapshot)
  if (error === null || toErrorData(error).kind === 'disconnected') return null
  return (
    <div className={styles.problem}>
      <ErrorNotice error={toErrorData(error)} />
    </div>
  )
}
