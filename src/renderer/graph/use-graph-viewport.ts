import { type RefObject, useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { Edge, ReactFlowInstance } from 'reactflow'
import type { FoldedGraph } from './fold-graph.ts'
import type { GraphLayout } from './graph-shape.ts'
import { type Sight, sightOf, stillHolds } from './graph-sight.ts'
import { centredOn, fitted, type Size, type Viewport, zoomLeast, zoomMost } from './graph-view.ts'
import type { RunFlowNode } from './run-node.tsx'

/** A zoom at which names can be read; whoever is led to a node sees at least this. */
const readable = 0.8

export interface LaidOutGraph {
  readonly layout: GraphLayout
  readonly folded: FoldedGraph
  readonly size: Size
}

export interface GraphViewport {
  readonly first: Viewport
  readonly viewport: RefObject<Viewport>
  readonly percent: number
  readonly sight: Sight
  readonly flow: RefObject<ReactFlowInstance<RunFlowNode, Edge> | null>
  /** Called when the viewport has changed, without a render in between. */
  readonly painter: RefObject<(() => void) | null>
  /** React Flow has moved. */
  readonly follow: (next: Viewport, byHand: boolean) => void
  readonly fit: () => void
  readonly zoomBy: (factor: number) => void
  readonly moveBy: (x: number, y: number) => void
  readonly centre: (unit: number) => void
  /** Brings a unit in, if it is out of sight. */
  readonly bringIn: (unit: number) => void
  /** When the graph changes next, this node stays where it is. */
  readonly hold: (node: number) => void
}

/**
 * What part of a graph is seen. All of it, whatever becomes of the graph, until a person moves it; from then on the node in
 * the middle, or the one that is held, stays in its place when the graph changes, and the middle in the middle when its frame does.
 */
export function useGraphViewport(graph: LaidOutGraph): GraphViewport {
  const { layout, size } = graph
  const first = useMemo(() => fitted(layout, size), [layout, size])
  const viewport = useRef(first)
  const flow = useRef<ReactFlowInstance<RunFlowNode, Edge> | null>(null)
  const painter = useRef<(() => void) | null>(null)
  const byHand = useRef(false)
  const held = useRef(-1)
  const [kept, setSight] = useState(() => sightOf(layout, first, size))
  const [percent, setPercent] = useState(Math.round(first.zoom * 100))
  const see = useCallback(
    (next: Viewport) => {
      viewport.current = next
      painter.current?.()
      setPercent(Math.round(next.zoom * 100))
      setSight((before) => (stillHolds(before, next, { layout, size }) ? before : sightOf(layout, next, size)))
    },
    [layout, size],
  )
  const go = (next: Viewport) => {
    void flow.current?.setViewport(next)
    see(next)
  }
  const goByHand = (next: Viewport) => {
    byHand.current = true
    go(next)
  }
  const shown = useRef(graph)
  const before = shown.current
  const isNew = before.layout !== layout || before.size !== size
  const steady = () => steadied(before, graph, viewport.current, held.current)
  // Where it goes before it is drawn: from the place where another graph was seen, hundreds of nodes may be in sight for nothing.
  const at = isNew ? (byHand.current ? steady() : fitted(layout, size)) : viewport.current
  useLayoutEffect(() => {
    if (!isNew) return
    shown.current = graph
    go(at)
    held.current = -1
  })
  const sight = stillHolds(kept, kept.at, { layout, size }) ? kept : sightOf(layout, at, size)
  return {
    ...{ first, viewport, percent, sight, flow, painter },
    follow: (next, moved) => {
      if (moved) byHand.current = true
      see(next)
    },
    fit: () => {
      byHand.current = false
      go(fitted(layout, size))
    },
    zoomBy: (factor) => goByHand(zoomed(viewport.current, factor, size)),
    moveBy: (x, y) => {
      const at = viewport.current
      goByHand({ x: at.x + x, y: at.y + y, zoom: at.zoom })
    },
    centre: (unit) => goByHand(centredOn(layout, unit, size, Math.max(readable, viewport.current.zoom))),
    bringIn: (unit) => {
      if (sightOf(layout, viewport.current, size).overview || !isInside(layout, unit, viewport.current, size)) {
        goByHand(centredOn(layout, unit, size, Math.max(readable, viewport.current.zoom)))
      }
    },
    hold: (node) => {
      byHand.current = true
      held.current = node
    },
  }
}

/** The viewport in which a node, or the one nearest to the middle, stands where it stood, and what was in the middle of another size is in that of this. */
function steadied(before: LaidOutGraph, now: LaidOutGraph, at: Viewport, held: number): Viewport {
  const unit = held >= 0 ? (before.folded.unitOf[held] ?? 0) : nearestToMiddle(before, at)
  const node = held >= 0 ? held : (before.folded.members[unit]?.[0] ?? 0)
  const next = now.folded.unitOf[node] ?? 0
  const moved = (axis: 0 | 1) =>
    (now.layout.places[next * 2 + axis] ?? 0) - (before.layout.places[unit * 2 + axis] ?? 0)
  const x = at.x - moved(0) * at.zoom + (now.size.width - before.size.width) / 2
  const y = at.y - moved(1) * at.zoom + (now.size.height - before.size.height) / 2
  return { x, y, zoom: at.zoom }
}

function nearestToMiddle({ layout: { places }, size }: LaidOutGraph, { x, y, zoom }: Viewport): number {
  const middleX = (size.width / 2 - x) / zoom
  const middleY = (size.height / 2 - y) / zoom
  let nearest = 0
  let least = Number.POSITIVE_INFINITY
  for (let unit = 0; unit * 2 < places.length; unit++) {
    const distance = Math.abs((places[unit * 2] ?? 0) - middleX) + Math.abs((places[unit * 2 + 1] ?? 0) - middleY)
    if (distance >= least) continue
    least = distance
    nearest = unit
  }
  return nearest
}

function zoomed({ x, y, zoom }: Viewport, factor: number, { width, height }: Size): Viewport {
  const next = Math.min(zoomMost, Math.max(zoomLeast, zoom * factor))
  const scale = next / zoom
  return { x: width / 2 - (width / 2 - x) * scale, y: height / 2 - (height / 2 - y) * scale, zoom: next }
}

function isInside({ places }: GraphLayout, unit: number, { x, y, zoom }: Viewport, { width, height }: Size): boolean {
  const left = (places[unit * 2] ?? 0) * zoom + x
  const top = (places[unit * 2 + 1] ?? 0) * zoom + y
  return left >= 0 && top >= 0 && left <= width - 80 && top <= height - 40
}
