import { useConnection, useFacts } from './host-context.tsx'

const readOnlyReason = 'This host is read-only: it was started with --read-only.'
const disconnectedReason = 'There is no connection to the host.'

/** Why nothing can be changed now, in one sentence for a disabled control; null when it can. */
export function useWriteBlock(): string | null {
  const connected = useConnection((state) => state.status === 'connected')
  const readOnly = useFacts((facts) => facts.info?.readOnly ?? false)
  if (!connected) return disconnectedReason
  return readOnly ? readOnlyReason : null
}
