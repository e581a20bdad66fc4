import { ArrowLeft, History, Square } from 'lucide-react'
import { useRef, useState } from 'react'
import { useHost } from '../../client/host-context.tsx'
import { useWriteBlock } from '../../client/write-block.ts'
import { RunGraph } from '../../graph/run-graph.tsx'
import { useLocalCommand } from '../../shell/command-registry-context.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { formatCount, formatDateTime, formatDuration, formatPlural } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { CompareMenu } from './compare-menu.tsx'
import { ExportMenu } from './export-menu.tsx'
import { Reading } from './reading.tsx'
import { ReplayVerdict } from './replay-verdict.tsx'
import { RunStateMark } from './run-state.tsx'
import { RunTimeline } from './run-timeline.tsx'
import { Scrubber } from './scrubber.tsx'
import { StepPanel } from './step-panel.tsx'
import { StepsTable } from './steps-table.tsx'
import { TokenLinks } from './token-links.tsx'
import { type Replaying, useReplay } from './use-replay.ts'
import { type ShownRun, useRun, useRunGraph } from './use-run.ts'
import styles from './workflows-page.module.css'

const noNames: readonly string[] = []

export interface RunPageProps {
  readonly run: string
  readonly onClose: () => void
  readonly onCompare: (other: string) => void
}

/** One run: its graph, its steps in time, their list, and the one that is looked at. */
export function RunPage({ run, onClose, onCompare }: RunPageProps) {
  const [at, setAt] = useState<number | null>(null)
  const [step, setStep] = useState<number | null>(null)
  const [node, setNode] = useState(-1)
  const [onlyNode, setOnlyNode] = useState<number | null>(null)
  const [reveal, setReveal] = useState(0)
  const shown = useRun(run, at)
  const { detail, progress } = shown
  const graph = useRunGraph(detail, progress)
  const span = (shown.live ? null : detail?.progress.span) ?? progress?.span ?? 0
  const host = useHost()
  /** The node whose step is asked for: another may have been chosen before the answer comes. */
  const asked = useRef(-1)
  const openStep = (index: number, ofNode: number) => {
    asked.current = -1
    setStep(index)
    setNode(ofNode)
    setReveal((count) => count + 1)
  }
  const openNode = (position: number) => {
    asked.current = position
    setNode(position)
    setOnlyNode(position)
    setStep(null)
    host.call('workflows.steps', { run, node: position, limit: 1 }).then(
      ({ rows: [first] }) => {
        if (asked.current === position) setStep(first?.index ?? null)
      },
      // The list of its steps says what is wrong.
      () => undefined,
    )
  }
  const replaying = useReplay(run, shown)
  const showNode = (position: number) => {
    if (position < 0) return
    openNode(position)
    setReveal((count) => count + 1)
  }
  useStepKeys(run, step, progress?.steps ?? 0, openStep)
  return (
    <>
      <RunHeader {...{ shown, run, onClose, onCompare, replaying }} />
      {shown.error === null ? null : <ErrorNotice error={shown.error} />}
      <ReplayVerdict replaying={replaying} onNode={(id) => showNode(graph?.names.indexOf(id) ?? -1)} />
      <div className={styles.run}>
        <div className={styles.picture}>
          {graph === null || progress === null ? (
            <p className={styles.muted}>Reading the run…</p>
          ) : (
            <RunGraph
              label={detail?.run.workflow ?? run}
              {...graph}
              states={progress.states}
              durations={progress.durations}
              taken={progress.taken}
              critical={progress.critical}
              selected={node}
              onSelect={openNode}
              onFind={showNode}
              reveal={reveal}
            />
          )}
        </div>
        {progress === null ? null : (
          <>
            {shown.live ? null : <Scrubber span={span} at={at} onAtChange={setAt} />}
            <RunTimeline
              run={run}
              version={shown.live ? progress.version : 0}
              span={span}
              at={at}
              selected={step}
              names={graph?.names ?? noNames}
              onSelect={openStep}
            />
          </>
        )}
        <div className={styles.side}>
          <StepsTable
            run={run}
            version={progress?.events ?? 0}
            node={onlyNode}
            nodeName={graph?.names[onlyNode ?? -1] ?? ''}
            onNodeClear={() => setOnlyNode(null)}
            opened={step}
            onOpen={(row) => openStep(row.index, row.node)}
          />
          {step === null ? (
            <RunFacts shown={shown} />
          ) : (
            <StepPanel run={run} step={step} onClose={() => setStep(null)} />
          )}
        </div>
      </div>
    </>
  )
}

/** `[` and `]` go from step to step. */
function useStepKeys(
  run: string,
  step: number | null,
  steps: number,
  open: (index: number, node: number) => void,
): void {
  const host = useHost()
  const go = async (by: number) => {
    if (steps === 0) return
    const next = step === null ? (by > 0 ? 0 : steps - 1) : Math.min(steps - 1, Math.max(0, step + by))
    const { rows } = await host.call('workflows.steps', { run, offset: next, limit: 1 })
    const [row] = rows
    if (row !== undefined) open(row.index, row.node)
  }
  const none = steps === 0 ? 'The run has no steps yet.' : null
  const group = 'Workflows'
  useLocalCommand({
    id: 'workflows.previousStep',
    title: 'Previous step',
    group,
    keys: '[',
    run: () => void go(-1),
    disabledReason: none,
  })
  useLocalCommand({
    id: 'workflows.nextStep',
    title: 'Next step',
    group,
    keys: ']',
    run: () => void go(1),
    disabledReason: none,
  })
}

interface RunHeaderProps extends RunPageProps {
  readonly shown: ShownRun
  readonly replaying: Replaying
}

function RunHeader({ shown, run, onClose, onCompare, replaying }: RunHeaderProps) {
  const { detail, progress, live } = shown
  return (
    <PageHeader
      title={detail?.run.workflow ?? 'Run'}
      note={
        detail === null ? null : (
          <span className={styles.facts}>
            <IconButton
              size="small"
              label="All runs"
              icon={<ArrowLeft size={14} aria-hidden="true" />}
              onClick={onClose}
            />
            <RunStateMark run={detail.run} />
            <span className={styles.outcome}>{detail.run.status ?? detail.run.error?.message ?? ''}</span>
            <span>{formatDuration(detail.run.duration ?? progress?.span ?? null)}</span>
            <span>{formatCount(progress?.steps ?? 0)} steps</span>
            <span>{formatDateTime(detail.run.startedAt)}</span>
          </span>
        )
      }
      actions={
        <>
          {live ? <StopButton run={run} /> : null}
          <Button
            icon={<History size={14} aria-hidden="true" />}
            disabledReason={replaying.block}
            onClick={replaying.start}
          >
            Replay
          </Button>
          <CompareMenu run={run} workflow={detail?.run.workflow ?? null} onCompare={onCompare} />
          <ExportMenu run={run} shown={shown} />
        </>
      }
    />
  )
}

function StopButton({ run }: { readonly run: string }) {
  const host = useHost()
  const block = useWriteBlock()
  const stop = () => void host.call('workflows.stop', { run, reason: 'stopped from its page' })
  return (
    <Button variant="danger" icon={<Square size={12} aria-hidden="true" />} disabledReason={block} onClick={stop}>
      Stop the run
    </Button>
  )
}

function RunFacts({ shown: { detail } }: { readonly shown: ShownRun }) {
  if (detail === null) return null
  const { run, payload, result, folder, unreadable } = detail
  return (
    <section className={styles.step} aria-label="The run">
      {run.error === null ? null : <ErrorNotice error={run.error} />}
      {unreadable.lines === 0 ? null : (
        <p className={styles.problem}>
          {formatPlural(unreadable.lines, 'line')} could not be read. The first is {unreadable.first}
        </p>
      )}
      <Reading title="Payload" text={payload?.text ?? 'not recorded'} />
      <Reading title="Result" text={result?.text ?? 'none yet'} />
      <dl className={styles.pairs}>
        {run.token === null ? null : <TokenLinks token={run.token} />}
        {run.hash === null ? null : (
          <>
            <dt>Seal</dt>
            <dd>
              <code>{run.hash}</code>
            </dd>
          </>
        )}
        <dt>Kept in</dt>
        <dd>{folder}</dd>
      </dl>
    </section>
  )
}
