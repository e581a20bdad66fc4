import { Recycle, Square } from 'lucide-react'
import { useState } from 'react'
import type { CollectionReportInfo, StorageStatus } from '../../../shared/contract/storage.ts'
import { useFacts, useHost, useQuery } from '../../client/host-context.tsx'
import { Link } from '../../shell/router-context.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { AlertDialog } from '../../ui/dialog.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { TextInput } from '../../ui/field.tsx'
import { formatBytes, formatCount, formatDateTime, formatPlural, formatShown } from '../../ui/format.ts'
import { Panel } from '../../ui/panel.tsx'
import { useToasts } from '../../ui/toast.tsx'
import styles from './storage-page.module.css'

export interface CollectionPanelProps {
  readonly status: StorageStatus
  /** Something was removed. */
  readonly onDone: () => void
}

/** What a collection would take now, receipt by receipt, and the button that does it. */
export function CollectionPanel({ status, onDone }: CollectionPanelProps) {
  const preview = useQuery('storage.preview', {}, { onEvents: ['audit'], everyMs: 2000 })
  const [asking, setAsking] = useState(false)
  const readOnly = useFacts((facts) => facts.info?.readOnly ?? false)
  const { data, error } = preview
  return (
    <Panel
      title="What a collection would remove now"
      note={data === null ? undefined : summaryOf(data)}
      actions={
        <>
          <Button onClick={preview.refresh}>Look again</Button>
          <Button
            variant="primary"
            icon={<Recycle size={14} aria-hidden="true" />}
            disabledReason={
              readOnly ? 'This connection may only look.' : data?.items === 0 ? 'There is nothing to remove.' : null
            }
            onClick={() => setAsking(true)}
          >
            Collect…
          </Button>
        </>
      }
    >
      <Running status={status} />
      {error === null ? null : <ErrorNotice error={error} />}
      {data === null ? null : <Planned report={data} bytes={status.bytes} />}
      {asking && data !== null ? (
        <CollectDialog
          report={data}
          onClose={(done) => {
            setAsking(false)
            if (!done) return
            preview.refresh()
            onDone()
          }}
        />
      ) : null}
    </Panel>
  )
}

function summaryOf({ items, bytes, emptiedTotal }: CollectionReportInfo): string {
  if (items === 0) return 'nothing'
  return `${formatPlural(items, 'file')}, ${formatBytes(bytes)}; ${formatPlural(emptiedTotal, 'receipt')} emptied`
}

/** A bar of what stays and what goes, the notes, and the receipts that would be emptied. */
function Planned({ report, bytes }: { readonly report: CollectionReportInfo; readonly bytes: number }) {
  const share = bytes === 0 ? 0 : Math.min(1, report.bytes / bytes)
  const notes = report.parts.flatMap((part) => part.notes.map((note) => `${part.kind}: ${note}`))
  return (
    <div className={styles.stack}>
      <div className={styles.share}>
        <div className={styles.bar} aria-hidden="true">
          <div className={styles.goes} style={{ width: `${share * 100}%` }} />
        </div>
        <span>
          {formatBytes(report.bytes)} would go, {formatBytes(Math.max(0, bytes - report.bytes))} would stay
        </span>
      </div>
      {notes.length === 0 ? null : (
        <ul className={styles.notes}>
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      {report.emptied.length === 0 ? (
        <p className={styles.quiet}>No receipt would lose a body: nothing is old enough, and everything fits.</p>
      ) : (
        <EmptiedTable report={report} />
      )}
    </div>
  )
}

function EmptiedTable({ report: { emptied, emptiedTotal } }: { readonly report: CollectionReportInfo }) {
  return (
    <>
      <p className={styles.quiet}>
        {formatShown(emptied.length, emptiedTotal, 'receipts')} would lose their bodies. The receipts themselves stay;
        pin one to hold its bodies.
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={styles.emptied} tabIndex={0} aria-label="Receipts that would be emptied">
        <table className={styles.table}>
          <caption className="visually-hidden">Receipts that would lose their bodies</caption>
          <thead>
            <tr>
              <th scope="col">Ended</th>
              <th scope="col">Operation</th>
              <th scope="col">Why</th>
              <th scope="col" className={styles.number}>
                Files
              </th>
              <th scope="col" className={styles.number}>
                Size
              </th>
              <th scope="col">Receipt</th>
            </tr>
          </thead>
          <tbody>
            {emptied.map((each) => (
              <tr key={each.id}>
                <td>{formatDateTime(each.endedAt / 1000)}</td>
                <td>{each.yool}</td>
                <td>
                  <Badge>{each.phase === 'age' ? 'too old' : 'too much'}</Badge>
                </td>
                <td className={styles.number}>{formatCount(each.files)}</td>
                <td className={styles.number}>{formatBytes(each.bytes)}</td>
                <td>
                  <Link to={['receipts', each.id]}>
                    <code>{each.id.slice(0, 12)}</code>
                  </Link>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  )
}

/** The collection that runs now, whoever began it. */
function Running({ status }: { readonly status: StorageStatus }) {
  const { connection } = useHost()
  const { data } = useQuery('storage.progress', {}, { onTokens: true, everyMs: 500 })
  const running = data?.running ?? status.running
  if (running === null) return null
  return (
    <div className={styles.running} role="status">
      <progress className={styles.progress} aria-label="Collection" {...progressOf(running)} />
      <span>
        {running.step} ({formatCount(running.done)} of {formatCount(running.total)})
      </span>
      <Button
        size="small"
        icon={<Square size={12} aria-hidden="true" />}
        onClick={() => void connection.store.getState().client?.call('storage.cancel', {})}
      >
        Stop
      </Button>
    </div>
  )
}

function progressOf({ done, total }: { readonly done: number; readonly total: number }) {
  return total === 0 ? {} : { value: done, max: total }
}

interface CollectDialogProps {
  readonly report: CollectionReportInfo
  /** `done` is true when something was removed. */
  readonly onClose: (done: boolean) => void
}

function CollectDialog({ report, onClose }: CollectDialogProps) {
  const { connection } = useHost()
  const toasts = useToasts()
  const [reason, setReason] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const collect = async () => {
    setBusy(true)
    try {
      const done = await connection.store.getState().client?.call('storage.collect', { reason })
      if (done !== undefined) {
        toasts.show({
          tone: 'good',
          title: done.cancelled ? 'The collection was stopped' : 'Collected',
          text: `${formatPlural(done.items, 'file')}, ${formatBytes(done.bytes)}`,
        })
      }
      onClose(true)
    } catch (thrown) {
      setError(thrown)
      setBusy(false)
    }
  }
  return (
    <AlertDialog
      open
      onOpenChange={(open) => {
        if (!open) onClose(false)
      }}
      title="Remove what the policy no longer keeps?"
      description={`${summaryOf(report)}. This cannot be undone. What is put meanwhile stays.`}
      footer={
        <>
          <Button onClick={() => onClose(false)}>Keep everything</Button>
          <Button variant="danger" disabledReason={busy ? 'It runs.' : null} onClick={() => void collect()}>
            Remove
          </Button>
        </>
      }
    >
      {error === null ? null : <ErrorNotice error={error} />}
      <TextInput
        aria-label="Reason"
        placeholder="Reason, for the activity log"
        value={reason}
        onValueChange={setReason}
      />
    </AlertDialog>
  )
}
