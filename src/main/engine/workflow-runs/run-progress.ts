import type { NodeState, RunProgress } from '../../../shared/contract/workflows.ts'
import { nodeStates } from '../../../shared/contract/workflows.ts'
import type { RunColumns } from './run-columns.ts'

const good = new Set(['SUCCESS', 'ALREADY_EXISTS', 'ACK', 'completed', 'done'])
const notKnown = -1
const several = -2
const bad = /FAIL|ERROR|VIOLATION|NACK|DENIED|TIMEOUT|KILLED/i

/**
 * Columns by node and edge, as they are now, or were `at` microseconds. `ended`: what was entered and never left was broken
 * off. How often an edge was taken is only known for now; at a time before it, an edge counts when the visit it led to was entered.
 */
export function runProgress(
  columns: RunColumns,
  version: number,
  events: number,
  ended: boolean,
  at = Number.POSITIVE_INFINITY,
): RunProgress {
  const count = columns.nodes.length
  const states = new Array<number>(count).fill(0)
  const visits = new Array<number>(count).fill(0)
  const status = new Array<number>(count).fill(-1)
  const durations = new Array<number>(count).fill(0)
  for (let visit = 0; visit < columns.visitNode.length; visit++) {
    if (columns.enteredAt.at(visit) > at) continue
    const node = columns.visitNode.at(visit)
    const isLeft = columns.leftAt.at(visit) >= 0 && columns.leftAt.at(visit) <= at
    const left = isLeft ? columns.leftAt.at(visit) : -1
    const number = isLeft ? columns.visitStatus.at(visit) : -1
    visits[node] = (visits[node] ?? 0) + 1
    durations[node] =
      (durations[node] ?? 0) + Math.max(0, (left < 0 ? Math.min(at, columns.span) : left) - columns.enteredAt.at(visit))
    status[node] = number
    states[node] = nodeStates.indexOf(
      stateOf(left < 0, columns.statuses.text(number), ended && at === Number.POSITIVE_INFINITY),
    )
  }
  return {
    version,
    live: !ended,
    nodes: count,
    states,
    visits,
    status,
    statuses: [...columns.statuses.list],
    durations,
    ...placesOfNodes(columns, at),
    taken: at === Number.POSITIVE_INFINITY ? columns.edges.taken.toArray() : takenUntil(columns, at),
    critical: criticalPath(columns),
    steps: columns.stepVisit.length,
    events,
    span: columns.span,
  }
}

/** Where the steps of each node ran, of those that had begun. */
function placesOfNodes(columns: RunColumns, at: number): Pick<RunProgress, 'cores' | 'workers'> {
  const cores = new Array<number>(columns.nodes.length).fill(notKnown)
  const workers = new Array<number>(columns.nodes.length).fill(notKnown)
  for (let step = 0; step < columns.stepVisit.length; step++) {
    if (columns.stepStart.at(step) > at) continue
    const node = columns.visitNode.at(columns.stepVisit.at(step))
    cores[node] = oneOrSeveral(cores[node] ?? notKnown, columns.stepCore.at(step))
    workers[node] = oneOrSeveral(workers[node] ?? notKnown, columns.stepWorker.at(step))
  }
  return { cores, workers }
}

function oneOrSeveral(known: number, place: number): number {
  if (place === notKnown) return known
  return known === notKnown || known === place ? place : several
}

export function stateOf(open: boolean, status: string, ended: boolean): NodeState {
  if (open) return ended ? 'failed' : 'running'
  if (good.has(status)) return 'succeeded'
  return bad.test(status) ? 'failed' : 'other'
}

function takenUntil(columns: RunColumns, at: number): number[] {
  const leftNodes = new Set<number>()
  const entered = new Set<number>()
  for (let visit = 0; visit < columns.visitNode.length; visit++) {
    if (columns.enteredAt.at(visit) <= at) entered.add(columns.visitNode.at(visit))
    if (columns.leftAt.at(visit) >= 0 && columns.leftAt.at(visit) <= at) leftNodes.add(columns.visitNode.at(visit))
  }
  const { from, to, taken } = columns.edges
  return taken.toArray().map((times, edge) => {
    const was = times > 0 && leftNodes.has(from.at(edge)) && entered.has(to.at(edge))
    return was ? 1 : 0
  })
}

/** From the visit that ended last back along the edges that were waited for longest. Nodes, from the beginning. */
function criticalPath(columns: RunColumns): number[] {
  let visit = -1
  for (let each = 0; each < columns.visitNode.length; each++) {
    if (visit < 0 || endOf(columns, each) >= endOf(columns, visit)) visit = each
  }
  const path: number[] = []
  const seen = new Set<number>()
  while (visit >= 0 && !seen.has(visit)) {
    seen.add(visit)
    path.push(columns.visitNode.at(visit))
    visit = columns.visitAfter.at(visit)
  }
  return path.reverse()
}

function endOf(columns: RunColumns, visit: number): number {
  const left = columns.leftAt.at(visit)
  return left < 0 ? columns.span : left
}
