import type { BusMatch } from '../../../shared/contract/bus.ts'
import { formatDuration, formatPlural, formatTimeOfDay, missing } from '../../ui/format.ts'
import { Panel } from '../../ui/panel.tsx'
import styles from './bus-page.module.css'
import { type Column, DataTable } from './data-table.tsx'

const columns: readonly Column<BusMatch>[] = [
  { title: 'When', cell: ({ at }) => formatTimeOfDay(at, true) },
  { title: 'Lane', cell: ({ lane }) => lane ?? missing },
  { title: 'Put by', cell: ({ from }) => (from === '' ? missing : from) },
  { title: 'Taken by', cell: ({ to }) => (to === '' ? missing : to) },
  {
    title: 'Taker had waited',
    number: true,
    cell: ({ waitedMs }) => (waitedMs === 0 ? 'not at all' : formatDuration(waitedMs * 1000)),
  },
  {
    title: 'Tuple',
    cell: ({ id }) => (
      <span className={styles.mono} title={id}>
        {id.replace('sha256:', '').slice(0, 12)}
      </span>
    ),
  },
]

/** Which `out` satisfied which `in`, newest first. */
export function MatchesPanel({ matches }: { readonly matches: readonly BusMatch[] }) {
  return (
    <Panel
      title="Which out satisfied which in"
      note={matches.length === 0 ? undefined : `newest ${formatPlural(matches.length, 'match', 'matches')}`}
    >
      <DataTable
        label="Which out satisfied which in"
        columns={columns}
        rows={matches}
        keyOf={({ id, at }, index) => `${id} ${at} ${index}`}
        empty="No tuple was taken since the start."
      />
    </Panel>
  )
}
