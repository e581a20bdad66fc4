import { useConnection, useFacts } from './host-context.tsx'

const readOnlyReason = 'This host is read-only: it was started with --read-only.'
const disconnectedReason = 'There is no connection to the host.'

/** Why nothing can be changed now, in one sentence for a disabled control; null when it can. */
export function useWriteBlock(): string | null {
  const disconnected = useReadBlock()
  const readOnly = useFacts((facts) => facts.info?.readOnly ?? false)
  return disconnected ?? (readOnly ? readOnlyReason : null)
}

/** Why nothing can be asked of the host now, in one sentence for a disabled control; null when it can. */
export function useReadBlock(): string | null {
  const connected = useConnection((state) => state.status === 'connected')
  return connected ? null : disconnectedReason
}
