import type { Column } from '../../table/column.ts'
import { LongName } from '../../table/long-name.tsx'
import { Badge } from '../../ui/badge.tsx'
import { formatBytes, formatDateTime, missing } from '../../ui/format.ts'
import { StatusBadge, tookText } from './receipt-marks.tsx'
import styles from './receipts-page.module.css'
import type { ReceiptRow } from './use-receipt-rows.ts'

export const receiptColumns: readonly Column<ReceiptRow>[] = [
  {
    id: 'ended',
    title: 'Ended',
    width: 156,
    text: (row) => (row.endedAt === 0 ? 'not said' : formatDateTime(row.endedAt / 1000)),
  },
  {
    id: 'operation',
    title: 'Operation',
    width: 150,
    minWidth: 96,
    growth: 4,
    fixed: true,
    text: (row) => row.yool,
    cell: (row) => <LongName name={row.yool} />,
  },
  {
    id: 'status',
    title: 'Status',
    width: 88,
    text: (row) => row.status,
    cell: (row) => <StatusBadge status={row.status} />,
  },
  {
    id: 'took',
    title: 'Took',
    copyTitle: 'Took, ms',
    width: 80,
    align: 'end',
    text: (row) => String(row.durationMs),
    cell: (row) => tookText(row.durationMs),
  },
  {
    id: 'bodies',
    title: 'Bodies',
    width: 120,
    text: (row) => `${row.bodies}${row.purgedAt === null ? '' : ' purged'}${row.pinned ? ' held' : ''}`,
    cell: (row) => <Bodies row={row} />,
  },
  {
    id: 'receipt',
    title: 'Receipt',
    width: 108,
    text: (row) => row.id,
    cell: (row) => <code title={row.id}>{row.id.slice(0, 12)}</code>,
  },
  { id: 'token', title: 'Token', width: 180, optional: true, text: (row) => row.token ?? missing },
  { id: 'parent', title: 'Parent', width: 108, optional: true, text: (row) => row.parentId ?? missing },
  {
    id: 'size',
    title: 'Size',
    copyTitle: 'Size, bytes',
    width: 80,
    align: 'end',
    optional: true,
    text: (row) => String(row.bytes),
    cell: (row) => formatBytes(row.bytes),
  },
]

function Bodies({ row: { bodies, purgedAt, pinned } }: { readonly row: ReceiptRow }) {
  return (
    <span className={styles.bodies}>
      {bodies === 0 ? <span className={styles.faint}>none</span> : bodies}
      {purgedAt === null ? null : <Badge>purged</Badge>}
      {pinned ? <Badge tone="info">held</Badge> : null}
    </span>
  )
}
