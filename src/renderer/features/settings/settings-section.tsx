import { type ReactNode, useId } from 'react'
import styles from './settings-section.module.css'

export interface SettingsSectionProps {
  readonly title: string
  /** One or two sentences beside the content. */
  readonly text?: ReactNode
  readonly children: ReactNode
}

/** A heading and an explanation on the left, what it is about on the right. */
export function SettingsSection({ title, text, children }: SettingsSectionProps) {
  const id = useId()
  return (
    <section className={styles.section} aria-labelledby={id}>
      <div>
        <h2 id={id} className={styles.title}>
          {title}
        </h2>
        {text === undefined ? null : <p className={styles.text}>{text}</p>}
      </div>
      <div className={styles.content}>{children}</div>
    </section>
  )
}
