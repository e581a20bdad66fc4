import { useQuery } from '../../client/host-context.tsx'
import { Link } from '../../shell/router-context.tsx'
import { DetailSection } from '../../table/detail-section.tsx'

export interface ReceiptSectionProps {
  /** Id of the token. */
  readonly id: string
  readonly ended: boolean
}

/** The receipt that a token has left, if it left one. */
export function ReceiptSection({ id, ended }: ReceiptSectionProps) {
  return ended ? <ReceiptOf id={id} /> : null
}

function ReceiptOf({ id }: { readonly id: string }) {
  const { data } = useQuery('receipts.ofToken', { token: id }, {})
  if (data?.id == null) return null
  return (
    <DetailSection title="Receipt">
      <Link to={['receipts', data.id]}>
        <code>{data.id.slice(0, 24)}…</code>
      </Link>
    </DetailSection>
  )
}
