import type { BusWaiter } from '../../../shared/contract/bus.ts'
import { type DataColumn, DataTable } from '../../table/data-table.tsx'
import { Badge } from '../../ui/badge.tsx'
import { formatDuration, formatPlural, formatShown } from '../../ui/format.ts'
import { Panel } from '../../ui/panel.tsx'
import styles from './bus-page.module.css'
import { PeerName } from './peer-name.tsx'

const columns: readonly DataColumn<BusWaiter>[] = [
  { title: 'Wants to', cell: ({ takes }) => (takes ? 'take' : 'read') },
  { title: 'Pattern', mono: true, short: true, whole: ({ wants }) => wants, cell: ({ wants }) => wants },
  { title: 'For', number: true, cell: ({ waitedMs }) => formatDuration(Math.floor(waitedMs / 1000) * 1e6) },
  { title: 'Who', cell: ({ by, starves }) => <Waiter by={by} starves={starves} /> },
]

function Waiter({ by, starves }: Pick<BusWaiter, 'by' | 'starves'>) {
  return (
    <span className={styles.taker}>
      {starves ? <Badge tone="warn">starves</Badge> : null}
      {by === '' ? 'the host' : <PeerName name={by} opens />}
    </span>
  )
}

/** Who waits for what; those that starve first. A pattern starves when its lane moves and nothing suits it for half a minute. */
export function WaitersPanel({ waiters, total }: { readonly waiters: readonly BusWaiter[]; readonly total: number }) {
  const starving = waiters.filter(({ starves }) => starves)
  const others = waiters.filter(({ starves }) => !starves)
  const note = `${formatShown(waiters.length, total, 'waiters')}${starving.length === 0 ? '' : `, ${formatPlural(starving.length, 'pattern')} starving`}`
  return (
    <Panel flush title="Who waits for what" note={total === 0 ? undefined : note}>
      {waiters.length === 0 ? (
        <p className={styles.quiet}>Nobody waits for a tuple in this host.</p>
      ) : (
        <DataTable
          label="Who waits for what"
          columns={columns}
          rows={[...starving, ...others]}
          keyOf={(_row, index) => index}
        />
      )}
    </Panel>
  )
}
