import { Pin, PinOff, ShieldCheck, X } from 'lucide-react'
import { useState } from 'react'
import type { ProcedureOutput } from '../../../shared/contract/index.ts'
import { useFacts, useHost, useQuery } from '../../client/host-context.tsx'
import { Link } from '../../shell/router-context.tsx'
import { DetailSection } from '../../table/detail-section.tsx'
import { useEscape } from '../../table/use-escape.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { type Fact, Facts } from '../../ui/facts.tsx'
import { formatBytes, formatDateTime, formatDuration, formatPlural } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { ArtifactDialog } from './artifact-dialog.tsx'
import { ProvenanceGraph } from './provenance-graph.tsx'
import { readableText } from './readable-text.ts'
import styles from './receipt-inspector.module.css'
import { StatusBadge } from './receipt-marks.tsx'

type Detail = ProcedureOutput<'receipts.get'>
type Report = ProcedureOutput<'receipts.verify'>

export interface ReceiptInspectorProps {
  readonly id: string
  readonly onClose: () => void
}

/** One receipt: how it ended, what it rests on, what it left, and its own text. */
export function ReceiptInspector({ id, onClose }: ReceiptInspectorProps) {
  const { data, error, refresh } = useQuery('receipts.get', { id }, { onEvents: ['audit'] })
  const graph = useQuery('receipts.graph', { id }, { onEvents: [] })
  useEscape(onClose)
  return (
    <div className={styles.inspector}>
      <header className={styles.header}>
        <div className={styles.line}>
          <h2 className={styles.title}>{data?.yool ?? 'Receipt'}</h2>
          <IconButton
            size="small"
            label="Close the receipt"
            icon={<X size={16} aria-hidden="true" />}
            onClick={onClose}
          />
        </div>
        <div className={styles.line}>
          {data === null ? null : <StatusBadge status={data.status} />}
          {data?.pinned === true ? <Badge tone="info">pinned</Badge> : null}
          {data?.purgedAt == null ? null : <Badge>bodies purged</Badge>}
          <code className={styles.id} title={id}>
            {id}
          </code>
          <CopyButton label="Copy the receipt’s id" text={() => id} />
        </div>
      </header>
      <div className={styles.body} aria-busy={data === null}>
        {error === null ? null : <ErrorNotice error={error} />}
        {data === null ? null : (
          <>
            <Actions detail={data} onChange={refresh} />
            <Facts facts={factsOf(data)} />
            {graph.data === null ? null : (
              <DetailSection
                title="Provenance"
                note={`${formatPlural(graph.data.nodes.length, 'receipt')}${graph.data.cut ? ', and more beyond' : ''}`}
              >
                <ProvenanceGraph graph={graph.data} current={id} />
              </DetailSection>
            )}
            <Artifacts detail={data} />
            <DetailSection
              title="Text"
              note={formatBytes(data.bytes)}
              actions={<CopyButton label="Copy the canonical text" text={() => data.text} />}
            >
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
              <pre className={styles.text} tabIndex={0}>
                {readableText(data.text)}
              </pre>
            </DetailSection>
          </>
        )}
      </div>
    </div>
  )
}

function Actions({ detail, onChange }: { readonly detail: Detail; readonly onChange: () => void }) {
  const { connection } = useHost()
  const readOnly = useFacts((facts) => facts.info?.readOnly ?? false)
  const [report, setReport] = useState<Report | null>(null)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const client = () => connection.store.getState().client
  const run = async (work: () => Promise<unknown> | undefined) => {
    setBusy(true)
    setError(null)
    try {
      await work()
    } catch (thrown) {
      setError(thrown)
    } finally {
      setBusy(false)
    }
  }
  const verify = () => run(async () => setReport((await client()?.call('receipts.verify', { id: detail.id })) ?? null))
  const pin = () =>
    run(async () => {
      await client()?.call('receipts.pin', { ids: [detail.id], pinned: !detail.pinned })
      onChange()
    })
  return (
    <div className={styles.actionsBlock}>
      <div className={styles.actions}>
        <Button
          icon={<ShieldCheck size={14} aria-hidden="true" />}
          disabledReason={busy ? 'It is being checked.' : null}
          onClick={() => void verify()}
        >
          Verify the chain
        </Button>
        <Button
          icon={detail.pinned ? <PinOff size={14} aria-hidden="true" /> : <Pin size={14} aria-hidden="true" />}
          tooltip="A collection leaves the bodies of pinned receipts, whatever their age"
          disabledReason={readOnly ? 'This connection may only look.' : null}
          onClick={() => void pin()}
        >
          {detail.pinned ? 'Let its bodies go' : 'Hold its bodies'}
        </Button>
      </div>
      <div role="status">
        {error === null ? null : <ErrorNotice error={error} />}
        {report === null ? null : <ChainNotice report={report} />}
      </div>
    </div>
  )
}

function ChainNotice({ report: { valid, receipts, bodies, purgedBodies, problems } }: { readonly report: Report }) {
  const purged = purgedBodies === 0 ? '' : `; ${formatPlural(purgedBodies, 'body', 'bodies')} purged, so not checked`
  const what = `${formatPlural(receipts, 'receipt')} and ${formatPlural(bodies, 'body', 'bodies')} checked${purged}.`
  if (valid) {
    return (
      <Notice tone="good" title="The chain is whole">
        {what}
      </Notice>
    )
  }
  return (
    <Notice tone="bad" title="The chain is not whole">
      {what}
      <ul className={styles.problems}>
        {problems.map(({ id, problem }) => (
          <li key={`${id} ${problem}`}>
            <code>{id.slice(0, 12)}</code> {problem}
          </li>
        ))}
      </ul>
    </Notice>
  )
}

function factsOf(detail: Detail): Fact[] {
  const facts: Fact[] = [
    { label: 'Ended', value: detail.endedAt === 0 ? 'not said' : formatDateTime(detail.endedAt / 1000, true) },
    { label: 'Took', value: formatDuration(detail.durationMs * 1000) },
    { label: 'Inputs', value: <code title={detail.inputHash}>{detail.inputHash.slice(0, 24)}…</code> },
  ]
  if (detail.token !== null) {
    facts.push({ label: 'Token', value: <Link to={['tokens', detail.token]}>{detail.token}</Link> })
  }
  if (detail.parentId !== null) {
    facts.push({
      label: 'Parent',
      value: (
        <Link to={['receipts', detail.parentId]}>
          <code>{detail.parentId.slice(0, 24)}…</code>
        </Link>
      ),
    })
  }
  if (detail.purgedAt !== null) facts.push({ label: 'Purged', value: detail.purgedAt })
  return facts
}

function Artifacts({ detail }: { readonly detail: Detail }) {
  const [open, setOpen] = useState<Detail['artifacts'][number] | null>(null)
  if (detail.artifacts.length === 0) return null
  return (
    <DetailSection title="Artifacts" note={formatPlural(detail.artifacts.length, 'file')}>
      <ul className={styles.artifacts}>
        {detail.artifacts.map((artifact) => (
          <li key={`${artifact.path} ${artifact.sha256}`} className={styles.artifact}>
            <span className={styles.path} title={artifact.path}>
              {artifact.path}
            </span>
            <span className={styles.size}>{formatBytes(artifact.sizeBytes)}</span>
            <Badge tone={artifact.state === 'kept' ? 'good' : artifact.state === 'purged' ? 'neutral' : 'bad'}>
              {artifact.state}
            </Badge>
            <Button
              size="small"
              aria-label={`Open the artifact ${artifact.path}`}
              disabledReason={artifact.state === 'kept' ? null : `It is ${artifact.state}.`}
              onClick={() => setOpen(artifact)}
            >
              Open
            </Button>
          </li>
        ))}
      </ul>
      {open === null ? null : <ArtifactDialog id={detail.id} artifact={open} onClose={() => setOpen(null)} />}
    </DetailSection>
  )
}
