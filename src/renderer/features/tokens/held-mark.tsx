import { Pause } from 'lucide-react'
import type { ReactNode } from 'react'
import styles from './held-mark.module.css'

/** The state of a token that a person paused says so: it waits for somebody and not for something. */
export function HeldMark({ held, mark }: { readonly held: boolean; readonly mark: ReactNode }) {
  return (
    <span className={styles.held}>
      {mark}
      {held ? <Pause size={12} className={styles.pause} role="img" aria-label="paused" /> : null}
    </span>
  )
}
