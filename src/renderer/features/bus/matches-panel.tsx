import type { BusMatch } from '../../../shared/contract/bus.ts'
import { shortTupleId } from '../../../shared/model/tuple-id.ts'
import { Link } from '../../shell/router-context.tsx'
import { type DataColumn, DataTable } from '../../table/data-table.tsx'
import { opensRow } from '../../table/row-focus.ts'
import { formatDuration, formatPlural, formatTimeOfDay, missing } from '../../ui/format.ts'
import { Panel } from '../../ui/panel.tsx'
import styles from './bus-page.module.css'
import { PeerName } from './peer-name.tsx'

const columns: readonly DataColumn<BusMatch>[] = [
  { title: 'When', cell: ({ at }) => formatTimeOfDay(at, true) },
  {
    title: 'Tuple',
    cell: ({ id }) => (
      <Link {...opensRow} to={['bus', 'tuple', id]} className={styles.id} title={id}>
        {shortTupleId(id)}
      </Link>
    ),
  },
  { title: 'Lane', short: true, whole: ({ lane }) => lane ?? '', cell: ({ lane }) => lane ?? missing },
  { title: 'Put by', cell: ({ from }) => <PeerName name={from} /> },
  { title: 'Taken by', cell: ({ to, token }) => <Taker to={to} token={token} /> },
  {
    title: 'Had waited',
    number: true,
    cell: ({ waitedMs }) => (waitedMs === 0 ? 'not at all' : formatDuration(waitedMs * 1000)),
  },
]

/** A lane makes a token of what it takes; which lane that is stands beside it. */
function Taker({ to, token }: Pick<BusMatch, 'to' | 'token'>) {
  if (token === null || token === to) return <PeerName name={to} />
  return (
    <span className={styles.taker}>
      {to.startsWith('lane ') ? 'lane' : to} <PeerName name={token} />
    </span>
  )
}

/** Which `out` satisfied which `in`, newest first. */
export function MatchesPanel({ matches }: { readonly matches: readonly BusMatch[] }) {
  return (
    <Panel
      flush
      title="Which out satisfied which in"
      note={matches.length === 0 ? undefined : `newest ${formatPlural(matches.length, 'match', 'matches')}`}
    >
      {matches.length === 0 ? (
        <p className={styles.quiet}>No tuple was taken since the start.</p>
      ) : (
        <DataTable
          label="Which out satisfied which in"
          columns={columns}
          rows={matches}
          keyOf={({ id, at }, index) => `${id} ${at} ${index}`}
        />
      )}
    </Panel>
  )
}
