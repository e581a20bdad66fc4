import { useEffect, useMemo, useRef, useState } from 'react'
import type { RunProgress, WorkflowRunDetail } from '../../../shared/contract/workflows.ts'
import { useConnection, useHost, useQuery } from '../../client/host-context.tsx'
import type { GraphShape } from '../../graph/graph-shape.ts'
import { formatDuration, formatPlural, formatWorker } from '../../ui/format.ts'
import { useRunChanges } from './use-run-changes.ts'

/** A run as the page shows it: its graph, and how far it has come, or had come at a time of it. */
export interface ShownRun {
  readonly detail: WorkflowRunDetail | null
  readonly progress: RunProgress | null
  readonly live: boolean
  readonly error: unknown
}

/** Shortest time between two questions about a run that goes on, milliseconds. */
const askEvery = 250

/** `at`: microseconds since the run's beginning; null for now. */
export function useRun(run: string, at: number | null): ShownRun {
  const { data, error, refresh } = useQuery('workflows.run', { run })
  const live = data?.run.state === 'waiting' || data?.run.state === 'running'
  const past = usePast(run, at)
  const newest = useNewest(run, live)
  const outgrown = newest !== null && data !== null && isOutgrown(data, newest)
  useEffect(() => {
    if (outgrown) refresh()
  }, [outgrown, refresh])
  useRunChanges((runs) => {
    if (!live && (runs === null || runs.includes(run))) refresh()
  })
  const now = newest === null || outgrown || newest.version < (data?.progress.version ?? 0) ? data?.progress : newest
  return { detail: data, progress: past ?? now ?? null, live, error }
}

/** The run has begun or ended, or its graph has grown: what is known of more than its progress is no longer true. */
function isOutgrown({ graph, run, progress }: WorkflowRunDetail, newest: RunProgress): boolean {
  if (newest.version <= progress.version) return false
  const hasBegun = run.state === 'waiting' && newest.steps > 0
  const hasEnded = !newest.live && (run.state === 'waiting' || run.state === 'running')
  return hasBegun || hasEnded || newest.nodes !== graph.nodes.length || newest.taken.length !== graph.edges.from.length
}

/** How far a run that goes on has come; its graph, which may be large, is not asked for again. Null until told. */
function useNewest(run: string, live: boolean): RunProgress | null {
  const host = useHost()
  const client = useConnection((state) => state.client)
  const [newest, setNewest] = useState<RunProgress | null>(null)
  const asking = useRef({ now: false, again: false })
  // A host that was started again counts versions anew: what its predecessor told would seem newer for ever.
  // While there is none, what was last known stays.
  useEffect(() => {
    if (client !== null) setNewest(null)
  }, [client])
  const ask = () => {
    if (asking.current.now) {
      asking.current.again = true
      return
    }
    asking.current = { now: true, again: false }
    const pause = new Promise((resolve) => setTimeout(resolve, askEvery))
    host
      .call('workflows.progress', { run })
      .then(setNewest)
      // The page shows what it has; a lost connection is told by the frame around it.
      .catch(() => undefined)
      .then(() => pause)
      .then(() => {
        asking.current.now = false
        if (asking.current.again) ask()
      })
  }
  useRunChanges((runs) => {
    if (live && (runs === null || runs.includes(run))) ask()
  })
  return newest
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
    const shape = shapeOf(kept)
    const names = kept.nodes.map(({ id }) => id)
    const kinds = kept.nodes.map(({ name }) => name)
    return { shape, names, kinds, outcomes: outcomesOf(kept), nodes: kept.nodes }
  }, [kept])
  const detailOf = useMemo(
    () => (node: number) => (progress === null ? '' : nodeDetail(base?.nodes[node]?.name ?? '', node, progress)),
    [base, progress],
  )
  return base === null ? null : { ...base, detailOf }
}

/** The graph as it is laid out. */
export function shapeOf({ hash, nodes, edges }: WorkflowRunDetail['graph']): GraphShape {
  const ends = new Int32Array(edges.from.length * 2)
  edges.from.forEach((from, edge) => {
    ends[edge * 2] = from
    ends[edge * 2 + 1] = edges.to[edge] ?? 0
  })
  return { hash, folded: false, nodeCount: nodes.length, ends }
}

/** By edge. */
function outcomesOf({ edges: { outcome, outcomes } }: WorkflowRunDetail['graph']): readonly string[] {
  return outcome.map((at) => outcomes[at] ?? '')
}

function nodeDetail(name: string, at: number, progress: RunProgress): string {
  const visits = progress.visits[at] ?? 0
  const status = progress.statuses[progress.status[at] ?? -1]
  const shown = status === undefined || status === 'SUCCESS' ? '' : `${status} · `
  if (visits === 0) return name
  const times = visits === 1 ? '' : ` · ${formatPlural(visits, 'visit')}`
  return `${shown}${formatDuration(progress.durations[at] ?? 0)}${times}${placeOf(at, progress)} · ${name}`
}

/** Where its steps ran, as the contract tells it. */
function placeOf(node: number, { cores, workers }: RunProgress): string {
  const core = cores[node] ?? -1
  if (core === -1) return ''
  const worker = workers[node] ?? -1
  return core < 0 ? ' · several cores' : ` · core ${formatWorker(core, worker < 0 ? null : worker)}`
}
