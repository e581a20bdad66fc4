import type { BusWaiter } from '../../../shared/contract/bus.ts'
import { Badge } from '../../ui/badge.tsx'
import { formatAgo, formatPlural, formatShown } from '../../ui/format.ts'
import { Panel } from '../../ui/panel.tsx'
import styles from './bus-page.module.css'
import { type Column, DataTable } from './data-table.tsx'

const columns: readonly Column<BusWaiter>[] = [
  { title: 'Wants', cell: ({ wants }) => <span className={styles.mono}>{wants}</span> },
  { title: 'Who', cell: ({ by }) => (by === '' ? 'the host' : by) },
  { title: 'To', cell: ({ takes }) => (takes ? 'take' : 'read') },
  { title: 'Since', cell: ({ waitedMs }) => formatAgo(waitedMs) },
  { title: 'Note', cell: ({ starves }) => (starves ? <Badge tone="warn">starves</Badge> : null) },
]

/** Who waits for what. A pattern starves when its lane moves and nothing suits it for half a minute. */
export function WaitersPanel({ waiters, total }: { readonly waiters: readonly BusWaiter[]; readonly total: number }) {
  const starving = waiters.filter(({ starves }) => starves).length
  const note = `${formatShown(waiters.length, total, 'waiters')}${starving === 0 ? '' : `, ${formatPlural(starving, 'pattern')} starving`}`
  return (
    <Panel title="Who waits for what" note={total === 0 ? undefined : note}>
      <DataTable
        label="Who waits for what"
        columns={columns}
        rows={waiters}
        keyOf={(_row, index) => String(index)}
        empty="Nobody waits for a tuple in this host."
      />
    </Panel>
  )
}
