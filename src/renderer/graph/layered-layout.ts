import { type GraphLayout, type GraphShape, gaps, nodeSize } from './graph-shape.ts'
import { edgesFrom, topologicalOrder, withoutCircles } from './topological-order.ts'

/** Sweeps over the layers, each putting nodes near what they are joined to. */
const sweeps = 4

/**
 * Layers by longest path, rows by the mean of the neighbours' rows (Sugiyama, Tagawa and Toda, 1981). Linear in nodes and
 * edges: for graphs that a layout engine would take many seconds for. Edges that close a circle do not count.
 */
export function layeredLayout({ nodeCount, ends }: GraphShape): GraphLayout {
  const layers = longestPaths(nodeCount, ends)
  const rows = orderRows(layers, ends)
  const places = new Float32Array(nodeCount * 2)
  const tallest = Math.max(1, ...rows.sizes)
  const pitch = nodeSize.height + gaps.row
  for (let node = 0; node < nodeCount; node++) {
    const layer = layers[node] ?? 0
    // Every layer stands in the middle of the tallest.
    const offset = ((tallest - (rows.sizes[layer] ?? 1)) * pitch) / 2
    places[node * 2] = layer * (nodeSize.width + gaps.layer)
    places[node * 2 + 1] = offset + (rows.row[node] ?? 0) * pitch
  }
  return {
    places,
    width: rows.sizes.length * (nodeSize.width + gaps.layer) - gaps.layer,
    height: tallest * pitch - gaps.row,
  }
}

/** By node: how many edges lie on the longest way to it. Edges that close a circle do not count. */
export function longestPaths(nodeCount: number, ends: Int32Array): Int32Array {
  const layers = new Int32Array(nodeCount)
  const onward = withoutCircles(nodeCount, ends)
  const after = edgesFrom(nodeCount, onward)
  for (const node of topologicalOrder(nodeCount, onward)) {
    for (const next of after[node] ?? []) layers[next] = Math.max(layers[next] ?? 0, (layers[node] ?? 0) + 1)
  }
  return layers
}

function orderRows(layers: Int32Array, ends: Int32Array): { row: Float64Array; sizes: number[] } {
  const members: number[][] = []
  layers.forEach((layer, node) => {
    members[layer] ??= []
    members[layer]?.push(node)
  })
  const row = new Float64Array(layers.length)
  const renumber = () => {
    for (const layer of members) for (const [at, node] of (layer ?? []).entries()) row[node] = at
  }
  renumber()
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const sums = new Float64Array(layers.length)
    const counts = new Int32Array(layers.length)
    const forward = sweep % 2 === 0
    for (let edge = 0; edge < ends.length; edge += 2) {
      const from = ends[edge + (forward ? 0 : 1)] ?? 0
      const to = ends[edge + (forward ? 1 : 0)] ?? 0
      sums[to] = (sums[to] ?? 0) + (row[from] ?? 0) / Math.max(1, members[layers[from] ?? 0]?.length ?? 1)
      counts[to] = (counts[to] ?? 0) + 1
    }
    const wanted = (node: number) => (counts[node] === 0 ? 0.5 : (sums[node] ?? 0) / (counts[node] ?? 1))
    for (const layer of members) layer?.sort((a, b) => wanted(a) - wanted(b))
    renumber()
  }
  return { row, sizes: Array.from(members, (layer) => layer?.length ?? 0) }
}
