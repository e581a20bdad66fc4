import { type ReactNode, useId } from 'react'
import styles from './detail-section.module.css'

export interface DetailSectionProps {
  readonly title: string
  /** Small words behind the title. */
  readonly note?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** A named part of what is open beside a table. */
export function DetailSection({ title, note, actions, children }: DetailSectionProps) {
  const id = useId()
  return (
    <section aria-labelledby={id} className={styles.section}>
      <header className={styles.header}>
        <h3 id={id} className={styles.title}>
          {title}
        </h3>
        {note === undefined ? null : <span className={styles.note}>{note}</span>}
        {actions === undefined ? null : <span className={styles.actions}>{actions}</span>}
      </header>
      {children}
    </section>
  )
}
