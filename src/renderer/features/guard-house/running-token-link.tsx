import styles from './core-lanes.module.css'
import { useOpenToken } from './use-open-token.ts'

/** Leads to the token that a worker runs. */
export function RunningTokenLink({ sequence, operation }: { readonly sequence: number; readonly operation: string }) {
  const open = useOpenToken()
  return (
    <button
      type="button"
      className={styles.token}
      title={`${operation}, token ${sequence}`}
      onClick={() => void open(sequence, operation)}
    >
      <span className={styles.operation}>{operation}</span>
      <span className={styles.sequence}>#{sequence}</span>
    </button>
  )
}
