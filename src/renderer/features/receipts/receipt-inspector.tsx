import { Pin, PinOff, ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import type { ProcedureOutput } from '../../../shared/contract/index.ts'
import { useHost, useQuery } from '../../client/host-context.tsx'
import { useReadBlock } from '../../client/write-block.ts'
import { useLocalCommand } from '../../shell/command-registry-context.tsx'
import { Link } from '../../shell/router-context.tsx'
import { DetailFrame } from '../../table/detail-frame.tsx'
import { DetailSection } from '../../table/detail-section.tsx'
import { LongName } from '../../table/long-name.tsx'
import { TrailSection } from '../../trail/trail-section.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { type Fact, Facts } from '../../ui/facts.tsx'
import { formatBytes, formatDateTime, formatPlural } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { ArtifactDialog } from './artifact-dialog.tsx'
import { ProvenanceGraph } from './provenance-graph.tsx'
import { readableText } from './readable-text.ts'
import styles from './receipt-inspector.module.css'
import { StatusBadge, tookText } from './receipt-marks.tsx'
import { useNothingToHold, usePin } from './use-pin.ts'

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
  const check = useVerify(id)
  return (
    <DetailFrame
      title={data === null ? 'Receipt' : <LongName name={data.yool} />}
      closeLabel="Close the receipt"
      onClose={onClose}
      busy={data === null && error === null}
      line={
        <>
          {data === null ? null : <StatusBadge status={data.status} />}
          {data?.pinned === true ? <Badge tone="info">held</Badge> : null}
          {data?.purgedAt == null ? null : <Badge>bodies purged</Badge>}
          <code>
            <LongName name={id} />
          </code>
          <CopyButton label="Copy the receipt’s id" text={() => id} />
        </>
      }
      actions={data === null ? null : <Actions detail={data} check={check} onChange={refresh} />}
    >
      {error === null ? null : <ErrorNotice error={error} />}
      <div role="status" className={styles.verdict}>
        {check.error === null ? null : <ErrorNotice error={check.error} />}
        {check.report === null ? null : <ChainNotice report={check.report} />}
      </div>
      {data === null ? null : (
        <>
          <Facts facts={factsOf(data)} />
          <TrailSection kind="receipt" id={id} />
          {graph.data === null ? null : (
            <DetailSection
              title="Provenance"
              note={`${formatPlural(graph.data.nodes.length, 'receipt')}${graph.data.cut ? ', and more beyond' : ''}`}
            >
              <ProvenanceGraph graph={graph.data} current={id} broken={brokenOf(check.report)} />
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
    </DetailFrame>
  )
}

function useVerify(id: string) {
  const host = useHost()
  const [report, setReport] = useState<Report | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const verify = async () => {
    setBusy(true)
    setError(null)
    try {
      setReport(await host.call('receipts.verify', { id }))
    } catch (thrown) {
      setError(thrown)
    } finally {
      setBusy(false)
    }
  }
  return { report, error, busy, verify }
}

function brokenOf(report: Report | null): ReadonlySet<string> {
  return new Set(report?.problems.map((problem) => problem.id))
}

interface ActionsProps {
  readonly detail: Detail
  readonly check: ReturnType<typeof useVerify>
  readonly onChange: () => void
}

/** Buttons, and the same in the palette and by keys. */
function Actions({ detail, check, onChange }: ActionsProps) {
  const { pin, block: writeBlock } = usePin()
  const nothing = useNothingToHold(detail)
  const block = writeBlock ?? nothing
  const readBlock = useReadBlock() ?? (check.busy ? 'It is being checked.' : null)
  const hold = () => void pin([detail.id], !detail.pinned).then(onChange)
  const holdTitle = detail.pinned ? 'Let its bodies go' : 'Hold its bodies'
  useLocalCommand({
    id: 'receipts.verify',
    title: 'Verify the chain of the open receipt',
    group: 'Receipts',
    keys: 'v',
    run: () => void check.verify(),
    disabledReason: readBlock,
  })
  useLocalCommand({
    id: 'receipts.hold',
    title: detail.pinned ? 'Let the bodies of the open receipt go' : 'Hold the bodies of the open receipt',
    group: 'Receipts',
    keys: 'p',
    run: hold,
    disabledReason: block,
  })
  return (
    <>
      <Button
        size="small"
        icon={<ShieldCheck size={14} aria-hidden="true" />}
        disabledReason={readBlock}
        onClick={() => void check.verify()}
      >
        Verify the chain
      </Button>
      <Button
        size="small"
        icon={detail.pinned ? <PinOff size={14} aria-hidden="true" /> : <Pin size={14} aria-hidden="true" />}
        tooltip="A collection leaves the bodies of held receipts, and the runs they belong to, whatever their age"
        disabledReason={block}
        onClick={hold}
      >
        {holdTitle}
      </Button>
    </>
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
    { label: 'Took', value: tookText(detail.durationMs) },
    { label: 'Inputs', value: <code title={detail.inputHash}>{detail.inputHash.slice(0, 24)}…</code> },
  ]
  if (detail.error !== null)
    facts.unshift({ label: 'Error', value: <span className={styles.error}>{detail.error}</span> })
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
  if (detail.purgedAt !== null) {
    facts.push({ label: 'Purged', value: formatDateTime(Date.parse(detail.purgedAt), true) })
  }
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
