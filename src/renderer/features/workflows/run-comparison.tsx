import { ArrowLeft } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import type { RunDifference } from '../../../shared/contract/workflows.ts'
import { toErrorData } from '../../../shared/errors.ts'
import { useQuery } from '../../client/host-context.tsx'
import { RunGraph } from '../../graph/run-graph.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { formatDateTime, formatPlural } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Reading } from './reading.tsx'
import { RunStateMark } from './run-state.tsx'
import { useRun, useRunGraph } from './use-run.ts'
import styles from './workflows-page.module.css'

export interface RunComparisonProps {
  readonly left: string
  readonly right: string
  readonly onClose: () => void
  readonly onOpen: (run: string) => void
}

const kinds: Readonly<Record<RunDifference['kind'], string>> = {
  node: 'was entered in one of them only',
  inputs: 'was given other inputs',
  status: 'had another outcome',
  output: 'gave another output',
  next: 'led elsewhere',
}

const titles: Readonly<Record<RunDifference['kind'], (node: string) => string>> = {
  node: (node) => `Inputs of ${node}`,
  inputs: (node) => `Inputs of ${node}`,
  status: (node) => `Outcome of ${node}`,
  output: (node) => `Output of ${node}`,
  next: (node) => `Where ${node} led to`,
}

/** Where runs differ matters here, not what made them long. */
const noPath: readonly number[] = []

/** Two runs side by side, with where they first part in the middle of both. */
export function RunComparison({ left, right, onClose, onOpen }: RunComparisonProps) {
  const { data, error } = useQuery('workflows.compare', { left, right })
  const differing = useMemo(() => new Set(data?.nodes.map(({ node }) => node) ?? []), [data])
  const first = data?.first ?? null
  return (
    <>
      <PageHeader
        title="Two runs"
        note={
          <span className={styles.facts}>
            <IconButton
              size="small"
              label="Back to the run"
              icon={<ArrowLeft size={14} aria-hidden="true" />}
              onClick={onClose}
            />
            <span role="status">
              {data === null ? 'Comparing…' : verdict(data.same, data.compared, data.nodes.length, first)}
            </span>
          </span>
        }
      />
      {error === null ? null : <ErrorNotice error={toErrorData(error)} />}
      <div className={styles.comparison}>
        <Side
          run={left}
          label="Left run"
          differing={differing}
          first={first}
          text={first?.left?.text ?? null}
          other={first?.right?.text ?? null}
          onOpen={onOpen}
        />
        <Side
          run={right}
          label="Right run"
          differing={differing}
          first={first}
          text={first?.right?.text ?? null}
          other={first?.left?.text ?? null}
          onOpen={onOpen}
        />
      </div>
    </>
  )
}

function verdict(same: boolean, compared: number, nodes: number, first: RunDifference | null): string {
  if (same || first === null) return `The same in all ${formatPlural(compared, 'visit')}`
  return `They first part at ${first.node}, which ${kinds[first.kind]}; ${formatPlural(nodes, 'node')} differ in all`
}

interface SideProps {
  readonly run: string
  readonly label: string
  readonly differing: ReadonlySet<string>
  readonly first: RunDifference | null
  /** What stands at the first difference here, and in the other run; null: nothing. */
  readonly text: string | null
  readonly other: string | null
  readonly onOpen: (run: string) => void
}

function Side({ run, label, differing, first, text, other, onOpen }: SideProps) {
  const { detail, progress, error } = useRun(run, null)
  const graph = useRunGraph(detail, progress)
  const [node, setNode] = useState(-1)
  const [reveal, setReveal] = useState(0)
  const marked = useMemo(
    () => new Set((graph?.names ?? []).flatMap((name, at) => (differing.has(name) ? [at] : []))),
    [graph?.names, differing],
  )
  const position = first === null ? -1 : (graph?.names.indexOf(first.node) ?? -1)
  useEffect(() => {
    if (position < 0) return
    setNode(position)
    setReveal((count) => count + 1)
  }, [position])
  return (
    <section className={styles.comparisonSide} aria-label={label}>
      <div className={styles.filters}>
        {detail === null ? null : <RunStateMark run={detail.run} />}
        <span className={styles.grow}>{detail === null ? '' : formatDateTime(detail.run.startedAt, true)}</span>
        <Button size="small" onClick={() => onOpen(run)}>
          Open
        </Button>
      </div>
      {error === null ? null : <ErrorNotice error={toErrorData(error)} />}
      <div className={styles.picture}>
        {graph === null || progress === null ? null : (
          <RunGraph
            label={label}
            {...graph}
            states={progress.states}
            durations={progress.durations}
            taken={progress.taken}
            critical={noPath}
            marked={marked}
            selected={node}
            onSelect={setNode}
            onFind={(found) => {
              setNode(found)
              setReveal((count) => count + 1)
            }}
            reveal={reveal}
          />
        )}
      </div>
      {first === null ? null : (
        <Reading title={titles[first.kind](first.node)} text={text ?? 'It is not there.'} other={other} />
      )}
    </section>
  )
}
