import type { WorkflowGraph } from './workflow-graph.ts'

export interface PlacedNode {
  readonly id: string
  readonly x: number
  readonly y: number
}

export const nodeWidth = 250
export const nodeHeight = 58
const columnGap = 130
const rowGap = 44

/** Places the nodes in columns from left to right, each one column behind the farthest node that leads to it. */
export function layoutGraph({ nodes, edges }: WorkflowGraph): ReadonlyMap<string, PlacedNode> {
  const columns = columnsOf({ nodes, edges })
  const rows = new Map<number, string[]>()
  for (const { id } of nodes) {
    const column = columns.get(id) ?? 0
    rows.set(column, [...(rows.get(column) ?? []), id])
  }
  const tallest = Math.max(1, ...[...rows.values()].map(({ length }) => length))
  const placed = new Map<string, PlacedNode>()
  for (const [column, ids] of [...rows].sort(([left], [right]) => left - right)) {
    const ordered = orderByNeighbours(ids, edges, placed)
    const top = ((tallest - ordered.length) * (nodeHeight + rowGap)) / 2
    for (const [row, id] of ordered.entries()) {
      placed.set(id, { id, x: column * (nodeWidth + columnGap), y: top + row * (nodeHeight + rowGap) })
    }
  }
  return placed
}

/** The longest way from a start; edges that lead back are not followed. */
function columnsOf({ nodes, edges }: WorkflowGraph): Map<string, number> {
  const following = new Map(nodes.map(({ id }): [string, string[]] => [id, []]))
  for (const { from, to } of edges) following.get(from)?.push(to)
  const order = topologicalOrder(following)
  const rank = new Map(order.map((id, index) => [id, index]))
  const columns = new Map<string, number>()
  for (const id of order) {
    const column = columns.get(id) ?? 0
    columns.set(id, column)
    for (const to of following.get(id) ?? []) {
      if ((rank.get(to) ?? 0) > (rank.get(id) ?? 0)) columns.set(to, Math.max(columns.get(to) ?? 0, column + 1))
    }
  }
  return columns
}

/** Depth first, last finished first; without recursion, for graphs as long as anybody makes them. */
function topologicalOrder(following: ReadonlyMap<string, readonly string[]>): string[] {
  const finished: string[] = []
  const seen = new Set<string>()
  const targets = new Set([...following.values()].flat())
  const starts = [...following.keys()].filter((id) => !targets.has(id))
  for (const start of [...starts, ...following.keys()]) {
    const path = seen.has(start) ? [] : [{ id: start, next: 0 }]
    seen.add(start)
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const to = following.get(top.id)?.[top.next]
      top.next += 1
      if (to === undefined) {
        finished.push(top.id)
        path.pop()
      } else if (!seen.has(to)) {
        seen.add(to)
        path.push({ id: to, next: 0 })
      }
    }
  }
  return finished.reverse()
}

/** In the order of the middle of what leads to them, so that few edges cross. */
function orderByNeighbours(
  ids: readonly string[],
  edges: WorkflowGraph['edges'],
  placed: ReadonlyMap<string, PlacedNode>,
): string[] {
  const middle = (id: string): number => {
    const before = edges.filter(({ to }) => to === id).map(({ from }) => placed.get(from)?.y ?? 0)
    return before.length === 0 ? 0 : before.reduce((sum, y) => sum + y) / before.length
  }
  const middles = new Map(ids.map((id) => [id, middle(id)]))
  return [...ids].sort((left, right) => (middles.get(left) ?? 0) - (middles.get(right) ?? 0))
}
