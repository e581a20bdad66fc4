import type { ReactNode } from 'react'
import styles from './page-header.module.css'

export interface PageHeaderProps {
  readonly title: string
  /** Small words behind the title: what is shown of what. */
  readonly note?: ReactNode
  /** Controls of the whole page, at the right edge. */
  readonly actions?: ReactNode
}

/** The first line of every page. */
export function PageHeader({ title, note, actions }: PageHeaderProps) {
  return (
    <header className={styles.header}>
      <h1 className={styles.title}>{title}</h1>
      {note === undefined ? null : <div className={styles.note}>{note}</div>}
      {actions === undefined ? null : <div className={styles.actions}>{actions}</div>}
    </header>
  )
}
