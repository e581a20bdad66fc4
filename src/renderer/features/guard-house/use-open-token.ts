import { useHost } from '../../client/host-context.tsx'
import { useRouter } from '../../shell/router-context.tsx'
import { useToasts } from '../../ui/toast.tsx'

const searchedRows = 50

/** Opens the token with a sequence. Pictures know no ids, because there may be thousands of tokens a second: it is looked up. */
export function useOpenToken(): (sequence: number, operation: string) => Promise<void> {
  const host = useHost()
  const router = useRouter()
  const toasts = useToasts()
  return async (sequence, operation) => {
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
}
