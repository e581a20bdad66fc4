import { foldBands } from './fold-bands.ts'
import type { GraphShape } from './graph-shape.ts'
import { longestPaths } from './layered-layout.ts'
import { type Onward, onward } from './topological-order.ts'

/** Graphs of fewer nodes are drawn whole: they fit on a screen. */
export const foldsFrom = 40
/** Sorts of nodes that share boxes with their like alone: they are looked at while they are there. */
export const alikeOnly = 10
/** Fewer nodes than these are no easier to read as one box. */
const leastAlike = 3
const leastAlikeOnly = 8
const leastInBand = 4
/** As many beginnings and ends stay in sight, so that one sees where the graph begins and ends. */
const anchorsMost = 3

/** How far a person has unfolded a node: not at all, out of the box of all that has finished, or out of that of its like. */
export type Unfolded = 0 | 1 | 2

export interface FoldInput {
  readonly shape: GraphShape
  /** By node: what runs there. Nodes of one layer on which the same runs are alike. */
  readonly kinds: readonly string[]
  /** By node: its sort, from `alikeOnly` on one that only shares a box with its like, -1 where it always stands alone. */
  readonly sorts: Int8Array
  /** By node. */
  readonly unfolded: (node: number) => Unfolded
}

/** A graph whose nodes are drawn as units: a node that stands alone, or a box of several. */
export interface FoldedGraph {
  /** By node. */
  readonly unitOf: Int32Array
  /** By unit: its nodes, in their order. */
  readonly members: readonly (readonly number[])[]
  /** Of the units, with one edge for all that lead from one to another. */
  readonly shape: GraphShape
  /** By edge between units: the edges that it stands for. */
  readonly edges: readonly (readonly number[])[]
}

/**
 * Folds nodes that are alike within a layer, then all of a sort that hang together, into boxes. Where the graph has no
 * circle, the folded one has none either, and every edge is kept in the one between the boxes of its ends.
 */
export function foldGraph({ shape, kinds, sorts, unfolded }: FoldInput): FoldedGraph {
  const way = onward(shape.nodeCount, shape.ends)
  const open = { ...shape, ends: way.ends }
  let unitOf = alikeUnits(shape.nodeCount, way, kinds, sorts, unfolded)
  for (const sort of new Set(sorts)) {
    if (sort >= 0 && sort < alikeOnly)
      unitOf = joinBands(open, unitOf, (node) => sorts[node] === sort && unfolded(node) === 0)
  }
  return asFolded(shape, unitOf)
}

/** Every node a unit of its own. */
export function unfoldedGraph(shape: GraphShape): FoldedGraph {
  const unitOf = Int32Array.from({ length: shape.nodeCount }, (_, node) => node)
  const edges = Array.from({ length: shape.ends.length / 2 }, (_, edge) => [edge])
  return { unitOf, members: Array.from(unitOf, (node) => [node]), shape, edges }
}

function alikeUnits(
  nodeCount: number,
  way: Onward,
  kinds: readonly string[],
  sorts: Int8Array,
  unfolded: FoldInput['unfolded'],
): Int32Array {
  const layers = longestPaths(nodeCount, way)
  const groups = new Map<string, number[]>()
  for (let node = 0; node < nodeCount; node++) {
    const sort = sorts[node] ?? -1
    if (sort < 0 || unfolded(node) === 2) continue
    const key = `${layers[node]} ${sort} ${kinds[node]}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [node])
    else group.push(node)
  }
  const first = Int32Array.from({ length: nodeCount }, (_, node) => node)
  for (const group of groups.values()) {
    const [head = 0] = group
    if (group.length < ((sorts[head] ?? 0) >= alikeOnly ? leastAlikeOnly : leastAlike)) continue
    for (const node of group) first[node] = head
  }
  return numbered(first)
}

function joinBands(shape: GraphShape, unitOf: Int32Array, foldable: (node: number) => boolean): Int32Array {
  const { members, shape: units } = asFolded(shape, unitOf)
  const anchors = anchorsOf(units)
  const bands = foldBands(
    units.nodeCount,
    units.ends,
    (unit) => !anchors.has(unit) && (members[unit] ?? []).every(foldable),
  )
  const first = new Map<number, number>()
  const sizes = new Map<number, number>()
  bands.forEach((band, unit) => {
    if (!first.has(band)) first.set(band, unit)
    sizes.set(band, (sizes.get(band) ?? 0) + (members[unit]?.length ?? 0))
  })
  return numbered(
    unitOf.map((unit) => {
      const band = bands[unit] ?? -1
      return band < 0 || (sizes.get(band) ?? 0) < leastInBand ? unit : (first.get(band) ?? unit)
    }),
  )
}

/** Where the graph begins and ends, as far as those are few. */
function anchorsOf({ nodeCount, ends }: GraphShape): ReadonlySet<number> {
  const anchors = new Set<number>()
  for (const side of [0, 1]) {
    const reached = new Uint8Array(nodeCount)
    for (let end = side; end < ends.length; end += 2) reached[ends[end] ?? 0] = 1
    const open: number[] = []
    for (let unit = 0; unit < nodeCount; unit++) if (reached[unit] === 0) open.push(unit)
    if (open.length <= anchorsMost) for (const unit of open) anchors.add(unit)
  }
  return anchors
}

/** The same parts, numbered from 0 in the order of their first nodes. */
function numbered(parts: Int32Array): Int32Array {
  const numbers = new Map<number, number>()
  return parts.map((part) => {
    const known = numbers.get(part)
    if (known !== undefined) return known
    numbers.set(part, numbers.size)
    return numbers.size - 1
  })
}

function asFolded(shape: GraphShape, unitOf: Int32Array): FoldedGraph {
  const members: number[][] = []
  unitOf.forEach((unit, node) => {
    const nodes = members[unit]
    if (nodes === undefined) members[unit] = [node]
    else nodes.push(node)
  })
  const edges: number[][] = []
  const ends: number[] = []
  const numbers = new Map<number, number>()
  for (let edge = 0; edge * 2 < shape.ends.length; edge++) {
    const from = unitOf[shape.ends[edge * 2] ?? 0] ?? 0
    const to = unitOf[shape.ends[edge * 2 + 1] ?? 0] ?? 0
    if (from === to) continue
    const key = from * members.length + to
    const number = numbers.get(key) ?? edges.length
    if (number === edges.length) {
      numbers.set(key, number)
      ends.push(from, to)
      edges.push([])
    }
    edges[number]?.push(edge)
  }
  const hash = `${shape.hash} ${signatureOf(unitOf)}`
  const units = { hash, folded: true, nodeCount: members.length, ends: Int32Array.from(ends) }
  return { unitOf, members, shape: units, edges }
}

/** Tells foldings of one graph apart (FNV-1a, twice, over the unit of every node). */
function signatureOf(unitOf: Int32Array): string {
  let one = 0x811c9dc5
  let other = 0x01000193
  for (const unit of unitOf) {
    one = Math.imul(one ^ unit, 0x01000193)
    other = Math.imul(other ^ (unit + 0x9e37), 0x85ebca6b)
  }
  return `${(one >>> 0).toString(16)}${(other >>> 0).toString(16)}`
}
