import { ChevronsUp } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { Button } from '../ui/button.tsx'
import { formatCount } from '../ui/format.ts'
import styles from './new-rows.module.css'
import type { RowPage, RowWindow } from './row-window.ts'

export interface NewRowsProps<Row extends object, Page extends RowPage<Row>> {
  readonly rows: RowWindow<Row, Page>
  /** The newest rows come first. */
  readonly newest: boolean
}

/** Rows that came above a held view, and the way to see them. */
export function NewRows<Row extends object, Page extends RowPage<Row>>({ rows, newest }: NewRowsProps<Row, Page>) {
  const { above } = useSyncExternalStore(rows.subscribe, rows.snapshot)
  if (above === 0) return null
  return (
    <Button
      className={styles.news}
      icon={<ChevronsUp size={14} aria-hidden="true" />}
      tooltip="The rows you see stay where they are until you ask for the new ones."
      onClick={() => rows.showAbove()}
    >
      {formatCount(above)} {newest ? 'new' : 'above'} — show
    </Button>
  )
}
