import type { TokenDetail } from '../../../shared/contract/tokens.ts'
import { useQuery } from '../../client/host-context.tsx'
import { Link } from '../../shell/router-context.tsx'
import { DetailSection } from '../../table/detail-section.tsx'

/** Runs of workflows are not nested deeply: the nearest tokens above are enough to find the one. */
const ancestorsAsked = 100

/** The run of a workflow that a token leads or belongs to, if there is one. */
export function RunSection({ detail }: { readonly detail: TokenDetail }) {
  const tokens = [detail.id, ...detail.ancestors.slice(0, ancestorsAsked)]
  const { data } = useQuery('workflows.runs', { filter: { tokens }, limit: 1 })
  const run = data?.rows[0]
  if (run === undefined) return null
  return (
    <DetailSection title="Run of a workflow">
      <Link to={['workflows', run.id]}>{run.workflow}</Link>
    </DetailSection>
  )
}
