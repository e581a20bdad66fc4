import { formatCount, formatDuration } from '../ui/format.ts'
import type { FoldedGraph } from './fold-graph.ts'
import type { GraphLayout, GraphShape } from './graph-shape.ts'
import { nodeStateLabel } from './state-colors.ts'

/** What a graph shows, by node and edge. */
export interface GraphContent {
  readonly shape: GraphShape
  /** By node. */
  readonly names: readonly string[]
  readonly details: readonly string[]
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
  readonly details: readonly string[]
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
    details: members.map((nodes) => detailOf(nodes, content)),
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

function detailOf(nodes: readonly number[], { details, states, durations }: GraphContent): string {
  const [first = 0] = nodes
  if (nodes.length === 1) return details[first] ?? ''
  const state = nodeStateLabel(states[first] ?? 0)
  const ran = nodes.reduce((sum, node) => sum + (durations[node] ?? 0), 0)
  return ran === 0 ? state : `${state} · ${formatDuration(ran)} in all`
}

function labelOf(edges: readonly number[], outcomes: readonly string[]): string {
  const words = new Set<string>()
  for (const edge of edges) words.add(outcomes[edge] ?? '')
  if (words.size > labelsMost) return `${words.size} outcomes`
  const told = [...words].filter((word) => !plainOutcomes.has(word))
  return told.length === 0 ? '' : [...words].join(', ')
}

/** The edges between nodes that follow each other on the way. */
function edgesAlong(ends: Int32Array, way: readonly number[]): ReadonlySet<number> {
  const pairs = new Set(way.slice(1).map((node, at) => `${way[at]} ${node}`))
  const edges = new Set<number>()
  if (pairs.size === 0) return edges
  for (let edge = 0; edge * 2 < ends.length; edge++) {
    if (pairs.has(`${ends[edge * 2]} ${ends[edge * 2 + 1]}`)) edges.add(edge)
  }
  return edges
}
