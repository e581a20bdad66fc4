import { ChevronsUp } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import type { TokenPage, TokenRow } from '../../../shared/contract/tokens.ts'
import type { RowWindow } from '../../table/row-window.ts'
import { Button } from '../../ui/button.tsx'
import { formatCount } from '../../ui/format.ts'
import styles from './new-rows.module.css'

/** Rows that came above a held view, and the way to see them. */
export function NewRows({ rows, newest }: { readonly rows: RowWindow<TokenRow, TokenPage>; readonly newest: boolean }) {
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
