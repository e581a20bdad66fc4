import type { ReactNode } from 'react'
import styles from './badge.module.css'
import { classNames } from './class-names.ts'

export type Tone = 'neutral' | 'good' | 'info' | 'warn' | 'bad'

export interface BadgeProps {
  readonly tone?: Tone
  /** A shape that says the same as the colour. */
  readonly icon?: ReactNode
  readonly children: ReactNode
}

/** A word in a small frame: paused, read-only, heavy. */
export function Badge({ tone = 'neutral', icon, children }: BadgeProps) {
  return (
    <span className={classNames(styles.badge, styles[tone])}>
      {icon === undefined ? null : <span className={styles.icon}>{icon}</span>}
      {children}
    </span>
  )
}
