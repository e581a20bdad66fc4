import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { IconButton } from '../ui/button.tsx'
import styles from './detail-frame.module.css'
import { useEscape } from './use-escape.ts'

export interface DetailFrameProps {
  readonly title: ReactNode
  /** h1 where it takes the whole page. */
  readonly heading?: 'h1' | 'h2'
  /** Small buttons between the title and the one that closes. */
  readonly buttons?: ReactNode
  /** Name of the button that closes: `Close the token`. */
  readonly closeLabel: string
  readonly onClose: () => void
  /** Marks and the id, under the title. */
  readonly line?: ReactNode
  /** What can be done with it, under the line. */
  readonly actions?: ReactNode
  readonly busy?: boolean
  /** DetailSections, Facts, Notices. */
  readonly children: ReactNode
}

/** What is open beside a table: a head that stays, and a body that scrolls. Escape closes it. */
export function DetailFrame(props: DetailFrameProps) {
  const { title, heading: Title = 'h2', buttons, closeLabel, onClose, line, actions, busy = false, children } = props
  useEscape(onClose)
  return (
    <div className={styles.frame}>
      <header className={styles.header}>
        <div className={styles.titleLine}>
          <Title className={styles.title}>{title}</Title>
          {buttons}
          <IconButton size="small" label={closeLabel} icon={<X size={16} aria-hidden="true" />} onClick={onClose} />
        </div>
        {line === undefined ? null : <div className={styles.line}>{line}</div>}
        {actions === undefined || actions === null ? null : <div className={styles.actions}>{actions}</div>}
      </header>
      <div className={styles.body} aria-busy={busy}>
        {children}
      </div>
    </div>
  )
}
