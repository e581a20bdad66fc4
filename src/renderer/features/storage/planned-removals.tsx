import { Pin } from 'lucide-react'
import type { CollectionReportInfo } from '../../../shared/contract/storage.ts'
import { useCommand } from '../../client/use-command.ts'
import { Link } from '../../shell/router-context.tsx'
import { type DataColumn, DataTable } from '../../table/data-table.tsx'
import { inRow, opensRow } from '../../table/row-focus.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { formatBytes, formatCount, formatDateTime, formatShare, formatShown } from '../../ui/format.ts'
import styles from './storage-page.module.css'

export interface PlannedRemovalsProps {
  readonly report: CollectionReportInfo
  readonly bytes: number
  /** A receipt is held now. */
  readonly onHeld: () => void
}

/** Bars of what stays and what goes, in all and of each part, and the receipts that would be emptied. */
export function PlannedRemovals({ report, bytes, onHeld }: PlannedRemovalsProps) {
  return (
    <div className={styles.stack}>
      <ul className={styles.parts}>
        <Share name="Everything" goes={report.bytes} of={bytes} notes={[]} />
        {report.parts
          .filter((part) => part.items > 0 || part.notes.length > 0)
          .map((part) => (
            <Share key={part.kind} name={part.kind} goes={part.bytes} of={bytes} notes={part.notes} />
          ))}
      </ul>
      {report.emptied.length === 0 ? (
        <p className={styles.quiet}>No receipt would lose a body: nothing is old enough, and everything fits.</p>
      ) : (
        <EmptiedTable report={report} onHeld={onHeld} />
      )}
    </div>
  )
}

interface ShareProps {
  readonly name: string
  readonly goes: number
  readonly of: number
  readonly notes: readonly string[]
}

function Share({ name, goes, of, notes }: ShareProps) {
  const share = of === 0 ? 0 : Math.min(1, goes / of)
  return (
    <li className={styles.part}>
      <span className={styles.partName}>{name}</span>
      <div className={styles.bar} aria-hidden="true">
        <div className={styles.goes} style={{ width: `${share * 100}%` }} />
      </div>
      <span className={styles.partText}>
        {goes === 0 ? 'nothing would go' : `${formatBytes(goes)} would go, ${formatShare(share, true)} of what is kept`}
      </span>
      {notes.map((note) => (
        <span key={note} className={styles.partNote}>
          {note}
        </span>
      ))}
    </li>
  )
}

type Emptied = CollectionReportInfo['emptied'][number]

function EmptiedTable({ report: { emptied, emptiedTotal }, onHeld }: Omit<PlannedRemovalsProps, 'bytes'>) {
  const pin = useCommand('receipts.pin')
  const hold = async (id: string) => {
    if ((await pin.run({ ids: [id], pinned: true })) !== null) onHeld()
  }
  const columns: readonly DataColumn<Emptied>[] = [
    {
      title: 'Receipt',
      cell: ({ id }) => (
        <Link {...opensRow} to={['receipts', id]} className={styles.link} title={id}>
          <code>{id.slice(0, 12)}</code>
        </Link>
      ),
    },
    { title: 'Operation', cell: ({ yool }) => yool },
    { title: 'Ended', cell: ({ endedAt }) => formatDateTime(endedAt / 1000) },
    { title: 'Why', cell: ({ phase }) => <Badge>{phase === 'age' ? 'too old' : 'too much'}</Badge> },
    { title: 'Files', number: true, cell: ({ files }) => formatCount(files) },
    { title: 'Size', number: true, cell: ({ bytes }) => formatBytes(bytes) },
    {
      title: 'Hold',
      pinned: true,
      cell: ({ id }) => (
        <Button
          {...inRow}
          size="small"
          variant="quiet"
          className={styles.hold}
          icon={<Pin size={12} aria-hidden="true" />}
          aria-label={`Hold the bodies of receipt ${id.slice(0, 12)}`}
          disabledReason={pin.block}
          onClick={() => void hold(id)}
        >
          Hold
        </Button>
      ),
    },
  ]
  return (
    <>
      <p className={styles.quiet}>
        {formatShown(emptied.length, emptiedTotal, 'receipts')} would lose their bodies. The receipts themselves stay;
        hold one to keep its bodies.
      </p>
      <div className={styles.emptied}>
        <DataTable
          label="Receipts that would be emptied"
          columns={columns}
          rows={emptied.toSorted((a, b) => a.endedAt - b.endedAt)}
          keyOf={({ id }) => id}
        />
      </div>
    </>
  )
}
