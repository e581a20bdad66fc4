/** Where edges lead: those of node n to `targets` from `starts[n]` on, up to `starts[n + 1]`. */
export interface EdgesFrom {
  readonly starts: Int32Array
  readonly targets: Int32Array
}

/** `ends`: pairs of positions, from and to. Two columns, for a list for each of many nodes costs far more than walking them. */
export function edgesFrom(count: number, ends: Int32Array): EdgesFrom {
  const starts = new Int32Array(count + 1)
  for (let edge = 0; edge < ends.length; edge += 2) {
    const next = (ends[edge] ?? 0) + 1
    starts[next] = (starts[next] ?? 0) + 1
  }
  for (let node = 0; node < count; node++) starts[node + 1] = (starts[node + 1] ?? 0) + (starts[node] ?? 0)
  const free = starts.slice()
  const targets = new Int32Array(ends.length / 2)
  for (let edge = 0; edge < ends.length; edge += 2) {
    const from = ends[edge] ?? 0
    const place = free[from] ?? 0
    targets[place] = ends[edge + 1] ?? 0
    free[from] = place + 1
  }
  return { starts, targets }
}

/** Every node behind all that lead to it (Kahn, 1962). Nodes on a circle, and those behind one, are left out. */
export function topologicalOrder(count: number, ends: Int32Array): readonly number[] {
  const { starts, targets } = edgesFrom(count, ends)
  const waiting = new Int32Array(count)
  for (let edge = 1; edge < ends.length; edge += 2) {
    const to = ends[edge] ?? 0
    waiting[to] = (waiting[to] ?? 0) + 1
  }
  const order: number[] = []
  for (let node = 0; node < count; node++) if (waiting[node] === 0) order.push(node)
  for (let at = 0; at < order.length; at++) {
    const node = order[at] ?? 0
    for (let edge = starts[node] ?? 0; edge < (starts[node + 1] ?? 0); edge++) {
      const next = targets[edge] ?? 0
      const left = (waiting[next] ?? 0) - 1
      waiting[next] = left
      if (left === 0) order.push(next)
    }
  }
  return order
}

/** The edges of a graph that lead onward, and its nodes in the order in which they do. */
export interface Onward {
  readonly ends: Int32Array
  readonly order: readonly number[]
}

/** A graph without the edges that close a circle, as a search in depth from the beginnings finds them. */
export function onward(count: number, ends: Int32Array): Onward {
  const order = topologicalOrder(count, ends)
  if (order.length === count) return { ends, order }
  const closing = closingEdges(count, ends)
  const open = ends.filter((_, end) => closing[end >> 1] === 0)
  return { ends: open, order: topologicalOrder(count, open) }
}

/** By edge: 1 when it leads back to where the search is still on its way. */
function closingEdges(count: number, ends: Int32Array): Uint8Array {
  const edgesOf: number[][] = Array.from({ length: count }, () => [])
  const reached = new Uint8Array(count)
  for (let edge = 0; edge * 2 < ends.length; edge++) {
    edgesOf[ends[edge * 2] ?? 0]?.push(edge)
    reached[ends[edge * 2 + 1] ?? 0] = 1
  }
  const nodes = Array.from({ length: count }, (_, node) => node)
  const closing = new Uint8Array(ends.length / 2)
  /** 0: not seen, 1: on the way, 2: done with. */
  const seen = new Uint8Array(count)
  for (const start of [...nodes.filter((node) => reached[node] === 0), ...nodes]) {
    if (seen[start] !== 0) continue
    const way = [{ node: start, next: 0 }]
    seen[start] = 1
    for (let place = way.at(-1); place !== undefined; place = way.at(-1)) {
      const edge = edgesOf[place.node]?.[place.next++]
      if (edge === undefined) {
        seen[place.node] = 2
        way.pop()
        continue
      }
      const to = ends[edge * 2 + 1] ?? 0
      if (seen[to] === 1) closing[edge] = 1
      if (seen[to] !== 0) continue
      seen[to] = 1
      way.push({ node: to, next: 0 })
    }
  }
  return closing
}
