import { createHash } from 'node:crypto'
import type { Preview } from '../../shared/contract/common.ts'
import type {
  RunFilter,
  RunSort,
  StepDetail,
  StepRow,
  WorkflowRunDetail,
  WorkflowRunRow,
} from '../../shared/contract/workflows.ts'
import { GuardhouseError } from '../../shared/errors.ts'
import type { TraceEvent } from '../engine/workflow-runs/event-reader.ts'
import { runProgress } from '../engine/workflow-runs/run-progress.ts'
import type { RunView } from '../engine/workflow-runs/run-view.ts'
import { valuePreview } from '../engine/workflow-runs/value-preview.ts'

/** Builds the answers about runs from what is known of them. */

export function pageOfRuns(rows: readonly WorkflowRunRow[], filter: RunFilter, sort: RunSort): WorkflowRunRow[] {
  const text = filter.text?.toLowerCase()
  const matched = rows.filter(
    (row) =>
      (filter.workflows === undefined || filter.workflows.includes(row.workflow)) &&
      (filter.states === undefined || filter.states.includes(row.state)) &&
      (filter.tokens === undefined || (row.token !== null && filter.tokens.includes(row.token))) &&
      (text === undefined || textOfRow(row).includes(text)),
  )
  const sign = sort.direction === 'ascending' ? 1 : -1
  return matched.sort((a, b) => sign * compare(a[sort.by], b[sort.by]))
}

export function isLive({ state }: WorkflowRunRow): boolean {
  return state === 'waiting' || state === 'running'
}

export function detailOf(run: WorkflowRunRow, view: RunView, version: number, folder: string): WorkflowRunDetail {
  const { columns, facts, unreadable } = view
  return {
    run,
    graph: graphOf(columns),
    progress: runProgress(columns, version, view.events, !isLive(run)),
    payload: facts.payload === null ? null : valuePreview(facts.payload),
    result: facts.result === null ? null : valuePreview(facts.result),
    folder,
    unreadable,
  }
}

const graphs = new WeakMap<RunView['columns'], WorkflowRunDetail['graph']>()

/** Nodes and edges only ever grow in number, so the graph that was made stands until they have. */
function graphOf(columns: RunView['columns']): WorkflowRunDetail['graph'] {
  const made = graphs.get(columns)
  if (made?.nodes.length === columns.nodes.length && made.edges.from.length === columns.edges.length) return made
  const nodes = columns.nodes.map(({ id, name, kind, join }) => ({ id, name, kind, join }))
  const { from, to, outcome, outcomes } = columns.edges
  const edges = {
    ...{ from: from.toArray(), to: to.toArray(), outcome: outcome.toArray() },
    outcomes: [...outcomes.list],
  }
  const shape = createHash('sha256').update(JSON.stringify(nodes.map(({ id }) => id)))
  for (const column of [edges.from, edges.to]) shape.update(Int32Array.from(column))
  const graph = { hash: shape.digest('hex'), nodes, edges }
  graphs.set(columns, graph)
  return graph
}

export function stepsOf(
  { columns }: RunView,
  {
    node,
    text,
    offset,
    limit,
  }: { node?: number | undefined; text?: string | undefined; offset: number; limit: number },
): { rows: StepRow[]; matched: number } {
  const total = columns.stepVisit.length
  if (node === undefined && text === undefined) {
    const rows = Array.from({ length: Math.max(0, Math.min(limit, total - offset)) }, (_, at) =>
      stepRow(columns, offset + at),
    )
    return { rows, matched: total }
  }
  const wanted = text?.toLowerCase() ?? ''
  const names = columns.stepNames.list.map((name) => name.toLowerCase().includes(wanted))
  const statuses = columns.statuses.list.map((status) => status.toLowerCase().includes(wanted))
  const rows: StepRow[] = []
  let matched = 0
  for (let step = 0; step < total; step++) {
    if (node !== undefined && columns.visitNode.at(columns.stepVisit.at(step)) !== node) continue
    if (!names[columns.stepName.at(step)] && !statuses[columns.stepStatus.at(step)]) continue
    if (matched >= offset && rows.length < limit) rows.push(stepRow(columns, step))
    matched += 1
  }
  return { rows, matched }
}

/** Throws `not-found` for a step that is not there. */
export function stepDetailOf(view: RunView, step: number): StepDetail {
  const { columns } = view
  if (step >= columns.stepVisit.length) throw new GuardhouseError('not-found', `this run has no step ${step}`)
  const row = stepRow(columns, step)
  const event = view.event(columns.stepLine.at(step)) ?? {}
  const entered = view.event(columns.enterLine.at(row.visit))
  const left = view.event(columns.leaveLine.at(row.visit))
  const ran = event.ran as TraceEvent | null | undefined
  return {
    ...row,
    nodeId: columns.nodes[row.node]?.id ?? '',
    token: typeof ran?.token === 'string' ? ran.token : null,
    inputs: valuePreview(event.inputs ?? detailOfTrace(entered)?.inputs ?? null),
    output: outputOf(event),
    failure: typeof event.failure === 'string' ? event.failure : null,
    to: left === null ? null : targetsOf(view, row.visit, left),
    position: { of: columns.visitSteps.at(row.visit), at: positionInVisit(columns, step) },
    raw: valuePreview(event),
  }
}

function outputOf(event: TraceEvent): Preview {
  return valuePreview('answer' in event ? event.answer : (detailOfTrace(event)?.result_keys ?? null))
}

function detailOfTrace(event: TraceEvent | null): TraceEvent | null {
  const detail = event?.detail
  return typeof detail === 'object' && detail !== null ? (detail as TraceEvent) : null
}

/** Evidence says where a visit led; of a trace it is the visit after it. */
function targetsOf({ columns }: RunView, visit: number, left: TraceEvent): string[] {
  if (Array.isArray(left.to)) return left.to.map(String)
  const next = visit + 1
  if (next >= columns.visitNode.length) return []
  return [columns.nodes[columns.visitNode.at(next)]?.id ?? '']
}

function positionInVisit(columns: RunView['columns'], step: number): number {
  const visit = columns.stepVisit.at(step)
  let at = 0
  for (let each = step - 1; each >= 0 && at < columns.visitSteps.at(visit); each--) {
    if (columns.stepVisit.at(each) === visit) at += 1
  }
  return at
}

function stepRow(columns: RunView['columns'], index: number): StepRow {
  const visit = columns.stepVisit.at(index)
  const core = columns.stepCore.at(index)
  const worker = columns.stepWorker.at(index)
  return {
    index,
    visit,
    node: columns.visitNode.at(visit),
    name: columns.stepNames.text(columns.stepName.at(index)),
    status: columns.statuses.text(columns.stepStatus.at(index)),
    startedAt: columns.stepStart.at(index),
    endedAt: columns.stepEnd.at(index),
    core: core < 0 ? null : core,
    worker: worker < 0 ? null : worker,
  }
}

function textOfRow({ id, workflow, status, state, error }: WorkflowRunRow): string {
  return [id, workflow, status ?? '', state, error?.message ?? ''].join('\n').toLowerCase()
}

function compare(a: string | number | null, b: string | number | null): number {
  if (a === b) return 0
  if (a === null) return 1
  if (b === null) return -1
  return a < b ? -1 : 1
}
