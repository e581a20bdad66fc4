import { type GraphLayout, type GraphShape, gaps, nodeSize } from './graph-shape.ts'
import { edgesFrom, type Onward, onward } from './topological-order.ts'

/** Sweeps over the layers, each putting nodes near what they are joined to. */
const sweeps = 4
/** Pixels between what passes a layer and what stands above and below it. */
const laneGap = 10

/**
 * Layers by longest path, rows by the mean of the neighbours' rows; an edge that passes other layers has a lane there, so that
 * it runs behind no node (Sugiyama, Tagawa and Toda, 1981). Linear in nodes and edges: for graphs that a layout engine would
 * take many seconds for. Edges that close a circle do not count.
 */
export function layeredLayout({ nodeCount, ends }: GraphShape): GraphLayout {
  const nodeLayers = longestPaths(nodeCount, onward(nodeCount, ends))
  const { layers, joints, laneOf } = withLanes(nodeLayers, ends)
  const members = orderRows(layers, joints)
  const places = new Float32Array(layers.length * 2)
  const heights = members.map((layer) => stack(layer, nodeCount, places))
  const tallest = Math.max(nodeSize.height, ...heights)
  for (const [layer, units] of members.entries()) {
    for (const unit of units) {
      places[unit * 2] = layer * (nodeSize.width + gaps.layer)
      // Every layer stands in the middle of the tallest.
      places[unit * 2 + 1] = (places[unit * 2 + 1] ?? 0) + (tallest - (heights[layer] ?? 0)) / 2
    }
  }
  const pointOf = (unit: number) => ({ x: places[unit * 2] ?? 0, y: places[unit * 2 + 1] ?? 0 })
  return {
    places: places.slice(0, nodeCount * 2),
    lanes: new Map([...laneOf].map(([edge, units]) => [edge, units.map(pointOf)])),
    width: members.length * (nodeSize.width + gaps.layer) - gaps.layer,
    height: tallest,
  }
}

/** Puts what is in a layer one under the other. Units from `nodeCount` on are lanes, which have no height. Returns the height. */
function stack(units: readonly number[], nodeCount: number, places: Float32Array): number {
  let bottom = 0
  let gapBelow = 0
  for (const unit of units) {
    const isNode = unit < nodeCount
    const gap = isNode ? gaps.row : laneGap
    if (bottom > 0) bottom += Math.min(gap, gapBelow)
    places[unit * 2 + 1] = bottom
    bottom += isNode ? nodeSize.height : 1
    gapBelow = gap
  }
  return bottom
}

/** More lanes than these are a bundle in which no eye follows one of them. */
const lanesMost = 2000

/** Breaks each edge that passes layers into joints from layer to layer, by way of units of its own behind those of the nodes. */
function withLanes(nodeLayers: Int32Array, ends: Int32Array) {
  const laneOf = new Map<number, number[]>()
  const layerOf = (unit: number) => nodeLayers[unit] ?? 0
  const lengthOf = (edge: number) => layerOf(ends[edge * 2 + 1] ?? 0) - layerOf(ends[edge * 2] ?? 0)
  let lanes = 0
  for (let edge = 0; edge * 2 < ends.length; edge++) lanes += Math.max(0, lengthOf(edge) - 1)
  if (lanes === 0 || lanes > lanesMost) return { layers: nodeLayers, joints: ends, laneOf }
  const layers = Array.from(nodeLayers)
  const joints: number[] = []
  for (let edge = 0; edge * 2 < ends.length; edge++) {
    let before = ends[edge * 2] ?? 0
    const units: number[] = []
    for (let passed = 1; passed < lengthOf(edge); passed++) {
      const unit = layers.push(layerOf(ends[edge * 2] ?? 0) + passed) - 1
      units.push(unit)
      joints.push(before, unit)
      before = unit
    }
    joints.push(before, ends[edge * 2 + 1] ?? 0)
    if (units.length > 0) laneOf.set(edge, units)
  }
  return { layers: Int32Array.from(layers), joints: Int32Array.from(joints), laneOf }
}

/** By node: how many edges lie on the longest way to it. */
export function longestPaths(nodeCount: number, { ends, order }: Onward): Int32Array {
  const layers = new Int32Array(nodeCount)
  const { starts, targets } = edgesFrom(nodeCount, ends)
  for (const node of order) {
    for (let edge = starts[node] ?? 0; edge < (starts[node + 1] ?? 0); edge++) {
      const next = targets[edge] ?? 0
      layers[next] = Math.max(layers[next] ?? 0, (layers[node] ?? 0) + 1)
    }
  }
  return layers
}

/** By layer: what is in it, from top to bottom. */
function orderRows(layers: Int32Array, ends: Int32Array): number[][] {
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
  return Array.from(members, (layer) => layer ?? [])
}
