import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'
import styles from './disclosure.module.css'

export interface DisclosureProps {
  readonly title: string
  /** One line, cut off where there is no room. */
  readonly summary: string
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  /** Id of what it shows, while it is there. */
  readonly controls?: string
  /** At the end of the line. */
  readonly children?: ReactNode
}

/** A line that shows and hides what stands below it. `--chevron-color` gives its mark another colour. */
export function Disclosure({ title, summary, open, onOpenChange, controls, children }: DisclosureProps) {
  return (
    <button
      type="button"
      className={styles.toggle}
      aria-expanded={open}
      aria-controls={open ? controls : undefined}
      onClick={() => onOpenChange(!open)}
    >
      <ChevronRight size={14} className={styles.chevron} aria-hidden="true" />
      <strong>{title}</strong>
      <span className={styles.summary}>{summary}</span>
      {children}
    </button>
  )
}
