import { ReceiptText, Search } from 'lucide-react'
import { useState } from 'react'
import type { ProcedureOutput } from '../../../shared/contract/index.ts'
import { useQuery } from '../../client/host-context.tsx'
import type { PageDefinition, PageProps } from '../../shell/page.ts'
import { Link, useRouter } from '../../shell/router-context.tsx'
import { DetailSplit } from '../../table/detail-split.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { TextInput } from '../../ui/field.tsx'
import { formatDuration, formatShown } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Select } from '../../ui/select.tsx'
import { TimeText } from '../../ui/time-text.tsx'
import { ReceiptInspector } from './receipt-inspector.tsx'
import { StatusBadge } from './receipt-marks.tsx'
import styles from './receipts-page.module.css'

export const receiptsPage: PageDefinition = {
  id: 'receipts',
  title: 'Receipts',
  icon: <ReceiptText size={16} aria-hidden="true" />,
  command: 'go.receipts',
  Component: ReceiptsPage,
}

type Row = ProcedureOutput<'receipts.query'>['rows'][number]

/** How many receipts are shown at first, and how many more with each press of the button. The host gives at most 1,000. */
const pageSize = 200
const mostRows = 1000

const views = [
  { value: 'all', label: 'Every receipt' },
  { value: 'ok', label: 'Completed' },
  { value: 'cached', label: 'Answered from another' },
  { value: 'error', label: 'Failed' },
  { value: 'killed', label: 'Killed' },
  { value: 'timeout', label: 'Timed out' },
  { value: 'pinned', label: 'Pinned' },
  { value: 'purged', label: 'Bodies purged' },
] as const
type View = (typeof views)[number]['value']

function filterOf(view: View, text: string) {
  const words = text.trim() === '' ? {} : { text: text.trim() }
  if (view === 'all') return words
  if (view === 'pinned' || view === 'purged') return { ...words, [view]: true }
  return { ...words, status: view }
}

/** `path` is the id of the open receipt, if one is. */
function ReceiptsPage({ path }: PageProps) {
  const id = path[0] ?? null
  const [text, setText] = useState('')
  const [view, setView] = useState<View>('all')
  const [limit, setLimit] = useState(pageSize)
  const router = useRouter()
  const { data, error, refresh } = useQuery(
    'receipts.query',
    { filter: filterOf(view, text), limit },
    { onTokens: true, onEvents: ['audit'], everyMs: 1000 },
  )
  const rows = data?.rows ?? []
  const clear = () => {
    setText('')
    setView('all')
  }
  return (
    <>
      <PageHeader
        title="Receipts"
        note={data === null ? undefined : formatShown(rows.length, data.matched, 'receipts')}
        actions={
          <>
            <Select aria-label="Which receipts" value={view} options={views} onValueChange={setView} />
            <TextInput
              className={styles.filter}
              type="search"
              aria-label="Search receipts"
              placeholder="Search: operation, token, id"
              icon={<Search size={14} aria-hidden="true" />}
              value={text}
              onValueChange={(value) => {
                setText(value)
                setLimit(pageSize)
              }}
            />
          </>
        }
      />
      {error === null ? null : (
        <div className={styles.problem}>
          <ErrorNotice error={error} actions={<Button onClick={refresh}>Try again</Button>} />
        </div>
      )}
      <DetailSplit
        name="receipts"
        detailLabel="Receipt"
        table={
          data === null ? null : rows.length === 0 ? (
            <Nothing filtered={data.kept > 0} onClear={clear} />
          ) : (
            <>
              <ReceiptTable rows={rows} current={id} />
              {rows.length < Math.min(data.matched, mostRows) ? (
                <div className={styles.more}>
                  <Button onClick={() => setLimit(Math.min(mostRows, limit + pageSize))}>Show older receipts</Button>
                </div>
              ) : null}
            </>
          )
        }
        detail={id === null ? null : <ReceiptInspector key={id} id={id} onClose={() => router.go(['receipts'])} />}
      />
    </>
  )
}

function ReceiptTable({ rows, current }: { readonly rows: readonly Row[]; readonly current: string | null }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.scroller} tabIndex={0} aria-label="Receipts">
      <table className={styles.table}>
        <caption className="visually-hidden">Receipts, newest first</caption>
        <thead>
          <tr>
            <th scope="col" className={styles.when}>
              Ended
            </th>
            <th scope="col">Operation</th>
            <th scope="col" className={styles.status}>
              Status
            </th>
            <th scope="col" className={styles.number}>
              Took
            </th>
            <th scope="col" className={styles.bodies}>
              Bodies
            </th>
            <th scope="col" className={styles.id}>
              Receipt
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <ReceiptRow key={row.id} row={row} open={row.id === current} />
          ))}
        </tbody>
      </table>
    </section>
  )
}

function ReceiptRow({ row, open }: { readonly row: Row; readonly open: boolean }) {
  return (
    <tr className={open ? styles.open : undefined}>
      <td>
        <TimeText wall={row.endedAt / 1000} />
      </td>
      <td title={row.yool}>{row.yool}</td>
      <td>
        <StatusBadge status={row.status} />
      </td>
      <td className={styles.number}>{formatDuration(row.durationMs * 1000)}</td>
      <td>
        {row.bodies === 0 ? <span className={styles.faint}>none</span> : `${row.bodies} `}
        {row.purgedAt === null ? null : <Badge>purged</Badge>}
        {row.pinned ? <Badge tone="info">pinned</Badge> : null}
      </td>
      <td>
        <Link to={['receipts', row.id]} aria-current={open ? 'true' : undefined} title={row.id}>
          <code>{row.id.slice(0, 12)}</code>
        </Link>
      </td>
    </tr>
  )
}

function Nothing({ filtered, onClear }: { readonly filtered: boolean; readonly onClear: () => void }) {
  return filtered ? (
    <EmptyState title="No receipt matches" action={<Button onClick={onClear}>Show every receipt</Button>}>
      The search looks at the operation, the token and the receipt’s own id.
    </EmptyState>
  ) : (
    <EmptyState
      icon={<ReceiptText size={24} aria-hidden="true" />}
      title="No receipt was left yet"
      action={
        <Link to={['settings']} className={styles.action}>
          Let every token leave one
        </Link>
      }
    >
      A receipt proves what ran: inputs, code, core, result, and what it rests on. Operations with the tag{' '}
      <code>receipt</code> or <code>cache</code> leave one; the option <code>receipts</code> lets every token do so.
    </EmptyState>
  )
}
