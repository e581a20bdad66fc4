import { ChevronLeft, ChevronRight } from 'lucide-react'
import { IconButton } from '../ui/button.tsx'
import { formatCount } from '../ui/format.ts'
import styles from './pager.module.css'

export interface PagerProps {
  /** Rows before those shown, shown, and altogether. */
  readonly offset: number
  readonly shown: number
  readonly total: number
  /** Rows of a page. */
  readonly size: number
  readonly nouns: string
  readonly onOffset: (offset: number) => void
}

/** Which part of a long list is shown, and the way to the others. */
export function Pager({ offset, shown, total, size, nouns, onOffset }: PagerProps) {
  const last = offset + shown
  const range = shown === 0 ? 'none' : `${formatCount(offset + 1)} to ${formatCount(last)}`
  return (
    <span className={styles.pager}>
      {`${range} of ${formatCount(total)} ${nouns}`}
      {total <= size && offset === 0 ? null : (
        <>
          <IconButton
            size="small"
            label={`The ${nouns} before these`}
            icon={<ChevronLeft size={14} aria-hidden="true" />}
            disabledReason={offset === 0 ? 'These are the first.' : null}
            onClick={() => onOffset(Math.max(0, offset - size))}
          />
          <IconButton
            size="small"
            label={`The ${nouns} after these`}
            icon={<ChevronRight size={14} aria-hidden="true" />}
            disabledReason={last >= total ? 'These are the last.' : null}
            onClick={() => onOffset(offset + size)}
          />
        </>
      )}
    </span>
  )
}
