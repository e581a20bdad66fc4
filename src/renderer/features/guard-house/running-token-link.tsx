import { useHost } from '../../client/host-context.tsx'
import { useRouter } from '../../shell/router-context.tsx'
import { useToasts } from '../../ui/toast.tsx'
import styles from './core-lanes.module.css'

const searchedRows = 50

/**
 * Leads to the token that a worker runs. A frame knows only its sequence; the id is looked up when somebody asks, because
 * there may be thousands of tokens a second.
 */
export function RunningTokenLink({ sequence, operation }: { readonly sequence: number; readonly operation: string }) {
  const host = useHost()
  const router = useRouter()
  const toasts = useToasts()

  async function open() {
    try {
      const page = await host.call('tokens.query', {
        filter: { operations: [operation], text: `_${sequence}` },
        limit: searchedRows,
      })
      const token = page.rows.find((row) => row.sequence === sequence)
      if (token === undefined) toasts.show({ tone: 'info', title: `Token ${sequence} is no longer kept` })
      else router.go(['tokens', token.id])
    } catch (error) {
      toasts.show({ tone: 'bad', title: `Token ${sequence} could not be opened`, text: String(error) })
    }
  }

  return (
    <button
      type="button"
      className={styles.token}
      title={`${operation}, token ${sequence}`}
      onClick={() => void open()}
    >
      <span className={styles.operation}>{operation}</span>
      <span className={styles.sequence}>#{sequence}</span>
    </button>
  )
}
