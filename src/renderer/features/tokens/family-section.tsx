import { CornerDownRight } from 'lucide-react'
import type { ReactNode } from 'react'
import type { TokenDetail, TokenRow } from '../../../shared/contract/tokens.ts'
import { useQuery } from '../../client/host-context.tsx'
import { Link } from '../../shell/router-context.tsx'
import { DetailSection } from '../../table/detail-section.tsx'
import { LongName } from '../../table/long-name.tsx'
import { formatDuration, formatPlural, formatWorker } from '../../ui/format.ts'
import { StateMark } from '../../ui/state-mark.tsx'
import styles from './family-section.module.css'

export interface FamilySectionProps {
  readonly detail: TokenDetail
  readonly pathTo: (id: string) => readonly string[]
  /** Route to the table of the children. */
  readonly childrenPath: readonly string[]
}

/** Deeper families than this are cut at their top: the nearest matter most. */
const ancestorsShown = 6
const childrenShown = 12
/** Members of the family change at their own pace; once a second is often enough to see it. */
const rules = { onTokens: true, everyMs: 1000 }

/** Where the token stands in the tree of calls: what called it above, what it called below. */
export function FamilySection({ detail, pathTo, childrenPath }: FamilySectionProps) {
  const { ancestors, children } = detail
  if (ancestors.length === 0 && children.total === 0) return null
  const above = ancestors.slice(0, ancestorsShown).reverse()
  const hidden = ancestors.length - above.length
  return (
    <DetailSection title="Family" note={children.total === 0 ? undefined : childrenText(children.total)}>
      {hidden === 0 ? null : <p className={styles.cut}>{formatPlural(hidden, 'more token')} above these</p>}
      <Branch above={above} pathTo={pathTo}>
        <ul className={styles.branch}>
          <li>
            <FamilyLine row={detail} name={detail.operation} to={null} />
            {children.total === 0 ? null : <Children id={detail.id} total={children.total} pathTo={pathTo} />}
          </li>
        </ul>
      </Branch>
      {children.total === 0 ? null : <Link to={childrenPath}>Show the children in the table</Link>}
    </DetailSection>
  )
}

interface BranchProps extends Pick<FamilySectionProps, 'pathTo'> {
  /** Ids, the farthest first. */
  readonly above: readonly string[]
  readonly children: ReactNode
}

function Branch({ above, pathTo, children }: BranchProps) {
  const [top, ...rest] = above
  if (top === undefined) return children
  return (
    <ul className={styles.branch}>
      <li>
        <Ancestor key={top} id={top} to={pathTo(top)} />
        <Branch above={rest} pathTo={pathTo}>
          {children}
        </Branch>
      </li>
    </ul>
  )
}

function Ancestor({ id, to }: { readonly id: string; readonly to: readonly string[] }) {
  const { data } = useQuery('tokens.get', { id }, rules)
  // An id begins with the operation, which is all that is left to say of a token that is no longer kept.
  return <FamilyLine row={data} name={data?.operation ?? id.replace(/_\d+_\d+$/, '')} to={to} />
}

interface ChildrenProps extends Pick<FamilySectionProps, 'pathTo'> {
  readonly id: string
  readonly total: number
}

function Children({ id, total, pathTo }: ChildrenProps) {
  const oldestFirst = { by: 'sequence', direction: 'ascending' } as const
  const { data } = useQuery('tokens.query', { filter: { parent: id }, sort: oldestFirst, limit: childrenShown }, rules)
  if (data === null) return null
  const more = total - data.rows.length
  return (
    <ul className={styles.branch}>
      {data.rows.map((row) => (
        <li key={row.id}>
          <FamilyLine row={row} name={row.operation} to={pathTo(row.id)} />
        </li>
      ))}
      {more > 0 ? <li className={styles.cut}>{`and ${formatPlural(more, 'more child', 'more children')}`}</li> : null}
    </ul>
  )
}

interface FamilyLineProps {
  /** Null while it is read, or when it is no longer kept. */
  readonly row: Pick<TokenRow, 'sequence' | 'state' | 'core' | 'slot' | 'ran'> | null
  readonly name: string
  /** Null for the token that is open. */
  readonly to: readonly string[] | null
}

function FamilyLine({ row, name, to }: FamilyLineProps) {
  return (
    <span className={to === null ? styles.openLine : styles.line} aria-current={to === null ? 'true' : undefined}>
      <CornerDownRight size={12} className={styles.corner} aria-hidden="true" />
      {row === null ? null : <StateMark state={row.state} markOnly />}
      {to === null ? (
        <span className={styles.name}>
          <LongName name={name} />
        </span>
      ) : (
        <Link to={to} className={styles.name}>
          <LongName name={name} />
        </Link>
      )}
      {row === null ? null : (
        <>
          <span className={styles.number}>#{row.sequence}</span>
          <span className={styles.number}>{row.core === null ? '' : `core ${formatWorker(row.core, row.slot)}`}</span>
          <span className={styles.time}>{row.ran === null ? '' : formatDuration(row.ran)}</span>
        </>
      )}
    </span>
  )
}

function childrenText(total: number): string {
  return formatPlural(total, 'child', 'children')
}
