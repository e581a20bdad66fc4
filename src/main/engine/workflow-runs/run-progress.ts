import type { NodeState, RunProgress } from '../../../shared/contract/workflows.ts'
import { nodeStates } from '../../../shared/contract/workflows.ts'
import type { RunColumns } from './run-columns.ts'

const good = new Set(['SUCCESS', 'ALREADY_EXISTS', 'ACK', 'completed', 'done'])
const bad = /FAIL|ERROR|VIOLATION|NACK|DENIED|TIMEOUT|KILLED/i

/** Columns by node and edge, as they are now. `ended`: what was entered and never left was broken off. */
export function runProgress(columns: RunColumns, version: number, events: number, ended: boolean): RunProgress {
  const count = columns.nodes.length
  const states = new Array<number>(count).fill(0)
  const visits = new Array<number>(count).fill(0)
  const status = new Array<number>(count).fill(-1)
  const durations = new Array<number>(count).fill(0)
  for (let visit = 0; visit < columns.visitNode.length; visit++) {
    const node = columns.visitNode.at(visit)
    const left = columns.leftAt.at(visit)
    const number = columns.visitStatus.at(visit)
    visits[node] = (visits[node] ?? 0) + 1
    durations[node] =
      (durations[node] ?? 0) + Math.max(0, (left < 0 ? columns.span : left) - columns.enteredAt.at(visit))
    status[node] = number
    states[node] = nodeStates.indexOf(stateOf(left < 0, columns.statuses.text(number), ended))
  }
  return {
    version,
    nodes: count,
    states,
    visits,
    status,
    statuses: [...columns.statuses.list],
    durations,
    taken: [...columns.taken],
    critical: criticalPath(columns),
    steps: columns.stepVisit.length,
    events,
    span: columns.span,
  }
}

export function stateOf(open: boolean, status: string, ended: boolean): NodeState {
  if (open) return ended ? 'failed' : 'running'
  if (good.has(status)) return 'succeeded'
  return bad.test(status) ? 'failed' : 'other'
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
