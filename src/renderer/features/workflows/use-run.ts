import { useEffect, useMemo, useState } from 'react'
import type { RunProgress, WorkflowRunDetail } from '../../../shared/contract/workflows.ts'
import { useHost, useQuery } from '../../client/host-context.tsx'
import type { GraphShape } from '../../graph/graph-shape.ts'
import { formatDuration, formatPlural } from '../../ui/format.ts'
import { useRunChanges } from './use-run-changes.ts'

/** A run as the page shows it: its graph, and how far it has come, or had come at a time of it. */
export interface ShownRun {
  readonly detail: WorkflowRunDetail | null
  readonly progress: RunProgress | null
  readonly live: boolean
  readonly error: unknown
}

/** `at`: microseconds since the run's beginning; null for now. */
export function useRun(run: string, at: number | null): ShownRun {
  const { data, error, refresh } = useQuery('workflows.run', { run })
  const live = data?.run.state === 'waiting' || data?.run.state === 'running'
  const past = usePast(run, at)
  useRunChanges((runs) => {
    if (runs === null || runs.includes(run)) refresh()
  })
  return { detail: data, progress: past ?? data?.progress ?? null, live, error }
}

/** How far the run had come at a time of it; null for now, and until it is known. */
function usePast(run: string, at: number | null): RunProgress | null {
  const host = useHost()
  const [past, setPast] = useState<RunProgress | null>(null)
  useEffect(() => {
    if (at === null) return setPast(null)
    let wanted = true
    host.call('workflows.progress', { run, at }).then(
      (progress) => {
        if (wanted) setPast(progress)
      },
      // The page shows what it has; a lost connection is told by the frame around it.
      () => undefined,
    )
    return () => {
      wanted = false
    }
  }, [host, run, at])
  return past
}

/** What the drawing of a graph needs, and which stays the same while only states change. */
export function useRunGraph(detail: WorkflowRunDetail | null, progress: RunProgress | null) {
  const [kept, setKept] = useState<WorkflowRunDetail['graph'] | null>(null)
  const graph = detail?.graph ?? null
  // The same graph comes anew with every answer: what hangs on it must not be made anew each time.
  if (graph !== null && graph.hash !== kept?.hash) setKept(graph)
  const base = useMemo(() => {
    if (kept === null) return null
    const ends = new Int32Array(kept.edges.length * 2)
    kept.edges.forEach(({ from, to }, edge) => {
      ends[edge * 2] = from
      ends[edge * 2 + 1] = to
    })
    const shape: GraphShape = { hash: kept.hash, nodeCount: kept.nodes.length, ends }
    const names = kept.nodes.map(({ id }) => id)
    return { shape, names, outcomes: kept.edges.map(({ outcome }) => outcome), nodes: kept.nodes }
  }, [kept])
  const details = useMemo(
    () => (base === null || progress === null ? [] : base.nodes.map((node, at) => nodeDetail(node, at, progress))),
    [base, progress],
  )
  return base === null ? null : { ...base, details }
}

function nodeDetail(node: WorkflowRunDetail['graph']['nodes'][number], at: number, progress: RunProgress): string {
  const visits = progress.visits[at] ?? 0
  const status = progress.statuses[progress.status[at] ?? -1]
  const shown = status === undefined || status === 'SUCCESS' ? '' : `${status} · `
  if (visits === 0) return node.name
  const times = visits === 1 ? '' : ` · ${formatPlural(visits, 'visit')}`
  return `${shown}${formatDuration(progress.durations[at] ?? 0)}${times} · ${node.name}`
}
