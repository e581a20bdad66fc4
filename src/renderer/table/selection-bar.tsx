import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button, IconButton } from '../ui/button.tsx'
import { formatCount } from '../ui/format.ts'
import { CopyMenu } from './copy-menu.tsx'
import type { CopyFormat } from './copy-rows.ts'
import { selectionMax } from './selection.ts'
import styles from './selection-bar.module.css'

export interface SelectionBarProps {
  /** Name for screen readers: `Selected tokens`. */
  readonly label: string
  readonly selected: number
  /** Rows that match the filter. */
  readonly matched: number
  readonly onSelectAll: () => void
  readonly onClear: () => void
  readonly onCopy: (format: CopyFormat) => void
  /** Buttons for what can be done with them. */
  readonly children: ReactNode
}

/** What is selected and what can be done with it. */
export function SelectionBar(props: SelectionBarProps) {
  const { label, selected, matched, onSelectAll, onClear, onCopy, children } = props
  return (
    <div className={styles.bar} role="toolbar" aria-label={label}>
      <strong className={styles.count} aria-live="polite">
        {formatCount(selected)} selected
      </strong>
      {selected >= Math.min(matched, selectionMax) ? null : (
        <Button size="small" variant="quiet" onClick={onSelectAll}>
          {matched > selectionMax
            ? `Select the first ${formatCount(selectionMax)} of ${formatCount(matched)}`
            : `Select all ${formatCount(matched)}`}
        </Button>
      )}
      <span className={styles.actions}>
        {children}
        <CopyMenu onCopy={onCopy} />
      </span>
      <IconButton
        size="small"
        label="Clear the selection"
        icon={<X size={14} aria-hidden="true" />}
        onClick={onClear}
      />
    </div>
  )
}
