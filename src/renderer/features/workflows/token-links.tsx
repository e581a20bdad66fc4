import { useQuery } from '../../client/host-context.tsx'
import { Link } from '../../shell/router-context.tsx'

/** A token and the receipt that it has left, as terms of a list. */
export function TokenLinks({ token }: { readonly token: string }) {
  const { data } = useQuery('receipts.ofToken', { token })
  return (
    <>
      <dt>Token</dt>
      <dd>
        <Link to={['tokens', token]}>{token}</Link>
      </dd>
      {data?.id == null ? null : (
        <>
          <dt>Receipt</dt>
          <dd>
            <Link to={['receipts', data.id]}>
              <code>{data.id.slice(0, 24)}…</code>
            </Link>
          </dd>
        </>
      )}
    </>
  )
}
