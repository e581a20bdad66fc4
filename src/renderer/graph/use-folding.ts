import { useMemo, useState } from 'react'
import { alikeOnly, type FoldedGraph, foldGraph, foldsFrom, type Unfolded, unfoldedGraph } from './fold-graph.ts'
import type { GraphContent } from './graph-picture.ts'

export interface Folding {
  readonly folded: FoldedGraph
  /** False: every node stands alone. */
  readonly on: boolean
  /** True when there is something to fold at all. */
  readonly possible: boolean
  /** True when boxes were unfolded one by one. */
  readonly touched: boolean
  /** Unfolds a box by one step: into those that are alike, and these into nodes. */
  readonly unfold: (nodes: readonly number[]) => void
  readonly unfoldAll: () => void
  /** As it was when the graph was opened. */
  readonly fold: () => void
}

/** By position in `nodeStates`: what has ended well, what was not reached, and what runs. */
const sortsByState: Readonly<Record<number, number>> = { 2: 0, 0: 1, 1: alikeOnly }
/** Marked nodes up to so many stand alone each; of more, those that are alike share a box. */
const markedAlone = 60

/** What leads to a node and what it leads to stays in sight with it, if it is not more than this. */
const neighboursMost = 8
/** Of so many failed nodes at the most. */
const failuresMost = 12
const failed = 3

type Opened = ReadonlyMap<number, Unfolded>

/** Which nodes of a graph share a box. What failed or is looked at never does, what runs only with many of its like. */
export function useFolding(content: GraphContent): Folding {
  const { shape, kinds } = content
  const possible = shape.nodeCount >= foldsFrom
  const [on, setOn] = useState(true)
  const [opened, setOpened] = useState<Opened>(new Map())
  const sorts = useSorts(content)
  const foldBy = (levels: Opened) => foldGraph({ shape, kinds, sorts, unfolded: (node) => levels.get(node) ?? 0 })
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is what `foldBy` is made of
  const folded = useMemo(
    () => (possible && on ? foldBy(opened) : unfoldedGraph(shape)),
    [shape, kinds, sorts, possible, on, opened],
  )
  return {
    folded,
    on: possible && on,
    possible,
    touched: opened.size > 0,
    unfold: (nodes) => {
      const next = withLevel(opened, nodes, 1)
      setOpened(staysTogether(foldBy(next), nodes) ? withLevel(opened, nodes, 2) : next)
    },
    unfoldAll: () => setOn(false),
    fold: () => {
      setOn(true)
      setOpened(new Map())
    },
  }
}

function withLevel(opened: Opened, nodes: readonly number[], level: Unfolded): Opened {
  const next = new Map(opened)
  for (const node of nodes) next.set(node, level)
  return next
}

/** Nodes that are all alike are still in one box when they are out of that of all that has finished. */
function staysTogether({ members, unitOf }: FoldedGraph, nodes: readonly number[]): boolean {
  return members[unitOf[nodes[0] ?? 0] ?? 0]?.length === nodes.length
}

/** By node: which box it may be in; -1 for none. */
function useSorts({ shape, states, marked, selected }: GraphContent): Int8Array {
  return useMemo(() => {
    const failures = states.flatMap((state, node) => (state === failed ? [node] : []))
    const watched = new Set([...failures.slice(0, failuresMost), ...(selected < 0 ? [] : [selected])])
    const near = neighboursOf(shape, watched)
    const sorts = new Int8Array(shape.nodeCount).fill(-1)
    for (let node = 0; node < shape.nodeCount; node++) {
      const sort = sortsByState[states[node] ?? 0] ?? -1
      const isMarked = marked.has(node)
      if (sort < 0 || node === selected || near.has(node) || (isMarked && marked.size <= markedAlone)) continue
      sorts[node] = isMarked ? sort + 2 : sort
    }
    return sorts
  }, [shape, states, marked, selected])
}

/** Nodes one edge away from the watched ones, where those have few. */
function neighboursOf({ ends }: GraphContent['shape'], watched: ReadonlySet<number>): ReadonlySet<number> {
  const near = new Map<number, number[]>()
  const note = (of: number, node: number) => {
    if (watched.has(of)) near.set(of, [...(near.get(of) ?? []), node])
  }
  for (let edge = 0; edge < ends.length; edge += 2) {
    const from = ends[edge] ?? 0
    const to = ends[edge + 1] ?? 0
    note(from, to)
    note(to, from)
  }
  return new Set([...near.values()].filter((nodes) => nodes.length <= neighboursMost).flat())
}
