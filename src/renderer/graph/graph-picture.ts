import { formatCount, formatDuration } from '../ui/format.ts'
import type { FoldedGraph } from './fold-graph.ts'
import type { GraphLayout, GraphShape } from './graph-shape.ts'
import { nodeStateLabel } from './state-colors.ts'

/** What a graph shows, by node and edge. */
export interface GraphContent {
  readonly shape: GraphShape
  /** By node. */
  readonly names: readonly string[]
  /** A line more; made for those in sight only. */
  readonly detailOf: (node: number) => string
  /** What runs there: nodes of one kind are alike. */
  readonly kinds: readonly string[]
  readonly states: readonly number[]
  /** Microseconds. */
  readonly durations: readonly number[]
  /** By edge: how often it was taken, and what it is called. */
  readonly taken: readonly number[]
  readonly outcomes: readonly string[]
  /** Nodes of the critical path, from its beginning. */
  readonly critical: readonly number[]
  /** Nodes to be seen at once, such as those that differ. */
  readonly marked: ReadonlySet<number>
  /** The node that is looked at; -1 for none. */
  readonly selected: number
}

/** The same by unit, as it is drawn: a unit is a node or a box of several. */
export interface GraphPicture {
  readonly shape: GraphShape
  /** By unit. */
  readonly names: readonly string[]
  readonly detailOf: (unit: number) => string
  readonly states: readonly number[]
  /** Nodes in it. */
  readonly counts: readonly number[]
  readonly marked: ReadonlySet<number>
  readonly selected: number
  /** By edge between units. */
  readonly taken: readonly number[]
  readonly labels: readonly string[]
  readonly critical: ReadonlySet<number>
}

/** A graph that is laid out, with what it shows. */
export interface Drawing {
  readonly layout: GraphLayout
  readonly folded: FoldedGraph
  readonly picture: GraphPicture
}

/** Outcomes that need no words: what goes on as it should. */
const plainOutcomes: ReadonlySet<string> = new Set(['', 'success', 'SUCCESS'])
/** Outcomes that one edge between boxes names. */
const labelsMost = 2

export function pictureOf(content: GraphContent, folded: FoldedGraph): GraphPicture {
  const { members, edges, unitOf } = folded
  const criticalEdges = edgesAlong(content.shape.ends, content.critical)
  const critical = new Set<number>()
  edges.forEach((ofEdge, at) => {
    if (ofEdge.some((edge) => criticalEdges.has(edge))) critical.add(at)
  })
  return {
    shape: folded.shape,
    names: members.map((nodes) => nameOf(nodes, content)),
    detailOf: (unit) => detailOf(members[unit] ?? [], content),
    states: members.map(([first = 0]) => content.states[first] ?? 0),
    counts: members.map((nodes) => nodes.length),
    marked: new Set([...content.marked].map((node) => unitOf[node] ?? -1)),
    selected: content.selected < 0 ? -1 : (unitOf[content.selected] ?? -1),
    taken: edges.map((ofEdge) => ofEdge.reduce((sum, edge) => sum + (content.taken[edge] ?? 0), 0)),
    labels: edges.map((ofEdge) => labelOf(ofEdge, content.outcomes)),
    critical,
  }
}

/** Nodes in one box are of one state. */
function nameOf(nodes: readonly number[], { names, kinds }: GraphContent): string {
  const [first = 0] = nodes
  if (nodes.length === 1) return names[first] ?? ''
  const kind = kinds[first] ?? ''
  const alike = nodes.every((node) => kinds[node] === kind)
  return alike ? `${formatCount(nodes.length)} × ${kind}` : `${formatCount(nodes.length)} nodes`
}

function detailOf(nodes: readonly number[], { detailOf: ofNode, states, durations }: GraphContent): string {
  const [first = 0] = nodes
  if (nodes.length === 1) return ofNode(first)
  const state = nodeStateLabel(states[first] ?? 0)
  const ran = nodes.reduce((sum, node) => sum + (durations[node] ?? 0), 0)
  return ran === 0 ? state : `${state} · ${formatDuration(ran)} in all`
}

function labelOf(edges: readonly number[], outcomes: readonly string[]): string {
  if (edges.length === 1) {
    const word = outcomes[edges[0] ?? 0] ?? ''
    return plainOutcomes.has(word) ? '' : word
  }
  const words = new Set<string>()
  for (const edge of edges) words.add(outcomes[edge] ?? '')
  if (words.size > labelsMost) return `${words.size} outcomes`
  const told = [...words].filter((word) => !plainOutcomes.has(word))
  return told.length === 0 ? '' : [...words].join(', ')
}

/** The edges between nodes that follow each other on the way. */
function edgesAlong(ends: Int32Array, way: readonly number[]): ReadonlySet<number> {
  const edges = new Set<number>()
  const after = new Map<number, Set<number>>()
  for (let at = 1; at < way.length; at++) {
    const from = way[at - 1] ?? 0
    after.set(from, (after.get(from) ?? new Set()).add(way[at] ?? 0))
  }
  for (let edge = 0; edge * 2 < ends.length; edge++) {
    if (after.get(ends[edge * 2] ?? 0)?.has(ends[edge * 2 + 1] ?? 0)) edges.add(edge)
  }
  return edges
}
