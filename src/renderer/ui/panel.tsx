import { type ReactNode, useId } from 'react'
import { classNames } from './class-names.ts'
import styles from './panel.module.css'

export interface PanelProps {
  readonly title: ReactNode
  /** Small words behind the title: what is counted, over which time. */
  readonly note?: ReactNode
  /** Controls at the right edge of the heading. */
  readonly actions?: ReactNode
  readonly children: ReactNode
  /** No padding, for tables and charts that reach the edge. */
  readonly flush?: boolean
  readonly className?: string | undefined
}

/** A named region of a page, with a hairline around it. */
export function Panel({ title, note, actions, children, flush = false, className }: PanelProps) {
  const id = useId()
  return (
    <section aria-labelledby={id} className={classNames(styles.panel, className)}>
      <header className={styles.header}>
        <h2 id={id} className={styles.title}>
          {title}
        </h2>
        {note === undefined ? null : <span className={styles.note}>{note}</span>}
        {actions === undefined ? null : <div className={styles.actions}>{actions}</div>}
      </header>
      <div className={classNames(styles.body, flush && styles.flush)}>{children}</div>
    </section>
  )
}
