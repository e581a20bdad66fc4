import 'reactflow/dist/style.css'
import { Maximize2, Minus, Plus } from 'lucide-react'
import { type KeyboardEvent, type MouseEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { type Edge, MarkerType, Position, ReactFlow, type ReactFlowInstance } from 'reactflow'
import { IconButton } from '../ui/button.tsx'
import type { OverviewContent } from './draw-overview.ts'
import { useGraphLayout } from './graph-layout.ts'
import { type GraphLayout, type GraphShape, nodeSize } from './graph-shape.ts'
import { centredOn, fitted, nodeAt, nodesInSight, overviewZoom, type Size, type Viewport } from './graph-view.ts'
import { OverviewCanvas } from './overview-canvas.tsx'
import styles from './run-graph.module.css'
import { type RunFlowNode, RunNode } from './run-node.tsx'

export interface RunGraphProps {
  readonly label: string
  readonly shape: GraphShape
  /** By node. */
  readonly names: readonly string[]
  readonly details: readonly string[]
  readonly states: readonly number[]
  /** By edge: how often it was taken, and what it is called. */
  readonly taken: readonly number[]
  readonly outcomes: readonly string[]
  /** Nodes of the critical path, from its beginning. */
  readonly critical: readonly number[]
  /** Nodes to be seen at once, such as those that differ. */
  readonly marked?: ReadonlySet<number>
  /** The node that is looked at; -1 for none. */
  readonly selected: number
  readonly onSelect: (node: number) => void
  /** Grows when the selected node is to be brought into the middle. */
  readonly reveal?: number
}

const nodeTypes = { run: RunNode }
/** Pixels around the screen in which nodes are there already. */
const margin = 240
/** Pixels by which a key moves the picture. */
const keyStep = 96
const noMarks: ReadonlySet<number> = new Set()

/** A run as a graph: nodes of React Flow where they can be read, one canvas where they cannot. */
export function RunGraph(props: RunGraphProps) {
  const layout = useGraphLayout(props.shape)
  const [frame, size] = useSize()
  return (
    <div ref={frame} className={styles.graph} data-graph={layout === null ? 'laying-out' : 'ready'}>
      {layout === null || size.width === 0 ? (
        <p className={styles.loading}>Laying out {props.shape.nodeCount} nodes…</p>
      ) : (
        <LaidOut {...props} layout={layout} size={size} />
      )}
    </div>
  )
}

interface LaidOutProps extends RunGraphProps {
  readonly layout: GraphLayout
  readonly size: Size
}

function LaidOut(props: LaidOutProps) {
  const { label, layout, size, shape, states, taken, critical, selected, onSelect, reveal = 0 } = props
  const flow = useRef<ReactFlowInstance<RunFlowNode, Edge> | null>(null)
  const first = useMemo(() => fitted(layout, size), [layout, size])
  const viewport = useRef<Viewport>(first)
  const painter = useRef<((viewport: Viewport) => void) | null>(null)
  const [sight, setSight] = useState(() => sightOf(layout, first, size))
  const [percent, setPercent] = useState(Math.round(first.zoom * 100))
  const follow = useCallback(
    (next: Viewport) => {
      viewport.current = next
      painter.current?.(next)
      setPercent(Math.round(next.zoom * 100))
      setSight((before) => (stillHolds(before, next) ? before : sightOf(layout, next, size)))
    },
    [layout, size],
  )
  const go = (next: Viewport) => {
    void flow.current?.setViewport(next)
    follow(next)
  }
  const showAll = () => go(fitted(layout, size))
  const zoomBy = (factor: number) => {
    const { x, y, zoom } = viewport.current
    const next = Math.min(2, Math.max(0.005, zoom * factor))
    const scale = next / zoom
    go({
      x: size.width / 2 - (size.width / 2 - x) * scale,
      y: size.height / 2 - (size.height / 2 - y) * scale,
      zoom: next,
    })
  }
  const revealed = useRef(0)
  useEffect(() => {
    if (reveal === revealed.current) return
    revealed.current = reveal
    if (reveal > 0 && selected >= 0) go(centredOn(layout, selected, size, Math.max(0.8, viewport.current.zoom)))
  })
  const criticalEdges = useMemo(() => edgesAlong(shape.ends, critical), [shape, critical])
  const content: OverviewContent = useMemo(
    () => ({ layout, ends: shape.ends, states, taken, criticalEdges, selected }),
    [layout, shape, states, taken, criticalEdges, selected],
  )
  const elements = useFlowElements(props, sight, criticalEdges)
  const press = (event: KeyboardEvent) => {
    const moved = moveByKey(event)
    if (moved === null) return
    event.preventDefault()
    event.stopPropagation()
    if (moved === 'fit') return showAll()
    const { x, y, zoom } = viewport.current
    go({ x: x + moved[0] * keyStep, y: y + moved[1] * keyStep, zoom })
  }
  const pick = (event: MouseEvent<HTMLElement>) => {
    if (!sight.overview) return
    const box = event.currentTarget.getBoundingClientRect()
    const node = nodeAt(layout, viewport.current, event.clientX - box.left, event.clientY - box.top)
    if (node >= 0) onSelect(node)
  }
  return (
    <div
      role="application"
      aria-label={`${label}: a graph. W, A, S and D move it, F fits it, the keys [ and ] go from step to step.`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it is moved with the keyboard
      tabIndex={0}
      className={styles.graph}
      onKeyDown={press}
      onClick={pick}
      data-overview={sight.overview}
    >
      {sight.overview ? <OverviewCanvas content={content} size={size} painter={painter} viewport={viewport} /> : null}
      <ReactFlow
        nodes={elements.nodes}
        edges={elements.edges}
        nodeTypes={nodeTypes}
        defaultViewport={first}
        minZoom={0.005}
        maxZoom={2}
        onInit={(instance) => {
          flow.current = instance
          // Somebody may have asked for another place before there was anything to move.
          void instance.setViewport(viewport.current)
        }}
        onMove={(_event, next) => follow(next)}
        onNodeClick={(_event, node) => onSelect(Number(node.id))}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        onlyRenderVisibleElements
        zoomOnDoubleClick={false}
        proOptions={{ hideAttribution: true }}
      />
      <div className={styles.controls}>
        <span>{percent} %</span>
        <IconButton
          size="small"
          label="Zoom out"
          icon={<Minus size={14} aria-hidden="true" />}
          onClick={() => zoomBy(1 / 1.5)}
        />
        <IconButton
          size="small"
          label="Zoom in"
          icon={<Plus size={14} aria-hidden="true" />}
          onClick={() => zoomBy(1.5)}
        />
        <IconButton
          size="small"
          label="Fit the graph (F)"
          icon={<Maximize2 size={14} aria-hidden="true" />}
          onClick={showAll}
        />
      </div>
    </div>
  )
}

/** What exists for React Flow, and for which viewports that is enough. */
interface Sight {
  readonly overview: boolean
  readonly nodes: readonly number[]
  readonly at: Viewport
}

function sightOf(layout: GraphLayout, at: Viewport, size: Size): Sight {
  const overview = at.zoom < overviewZoom
  return { overview, nodes: overview ? [] : nodesInSight(layout, at, size, margin), at }
}

function stillHolds({ overview, at }: Sight, next: Viewport): boolean {
  if (overview) return next.zoom < overviewZoom
  const moved = Math.max(Math.abs(at.x - next.x), Math.abs(at.y - next.y))
  return next.zoom === at.zoom && moved < margin / 2
}

function useFlowElements(
  { layout, shape, names, details, states, taken, outcomes, marked = noMarks, selected }: LaidOutProps,
  { nodes: inSight }: Sight,
  criticalEdges: ReadonlySet<number>,
): { nodes: RunFlowNode[]; edges: Edge[] } {
  const byNode = useMemo(() => edgesByNode(shape), [shape])
  const touched = useMemo(() => {
    const edges = new Set(inSight.flatMap((node) => byNode[node] ?? []))
    const nodes = new Set(inSight)
    for (const edge of edges) nodes.add(shape.ends[edge * 2] ?? 0).add(shape.ends[edge * 2 + 1] ?? 0)
    return { edges: [...edges], nodes: [...nodes] }
  }, [inSight, byNode, shape])
  const nodes = useMemo(
    () =>
      touched.nodes.map(
        (node): RunFlowNode => ({
          id: String(node),
          type: 'run',
          position: { x: layout.places[node * 2] ?? 0, y: layout.places[node * 2 + 1] ?? 0 },
          ...nodeSize,
          handles,
          data: {
            name: names[node] ?? '',
            detail: details[node] ?? '',
            state: states[node] ?? 0,
            marked: marked.has(node),
            selected: node === selected,
          },
        }),
      ),
    [touched, layout, names, details, states, marked, selected],
  )
  const edges = useMemo(
    () =>
      touched.edges.map((edge): Edge => {
        const isTaken = (taken[edge] ?? 0) > 0
        const isCritical = criticalEdges.has(edge)
        const color = isCritical ? 'var(--accent)' : isTaken ? 'var(--text-faint)' : 'var(--hairline-strong)'
        const outcome = outcomes[edge] ?? ''
        return {
          id: `e${edge}`,
          source: String(shape.ends[edge * 2]),
          target: String(shape.ends[edge * 2 + 1]),
          ...(outcome === 'success' || outcome === 'SUCCESS' ? {} : { label: outcome }),
          style: { stroke: color, strokeWidth: isCritical ? 2 : 1, ...(isTaken ? {} : { strokeDasharray: '4 4' }) },
          labelStyle: { fill: 'var(--text-muted)', fontSize: 11 },
          labelBgStyle: { fill: 'var(--surface-inset)' },
          markerEnd: { type: MarkerType.ArrowClosed, color },
        }
      }),
    [touched, shape, taken, outcomes, criticalEdges],
  )
  return { nodes, edges }
}

const handles = [
  { type: 'target' as const, position: Position.Left, x: 0, y: nodeSize.height / 2, width: 1, height: 1 },
  { type: 'source' as const, position: Position.Right, x: nodeSize.width, y: nodeSize.height / 2, width: 1, height: 1 },
]

function edgesByNode({ nodeCount, ends }: GraphShape): readonly (readonly number[])[] {
  const edges: number[][] = Array.from({ length: nodeCount }, () => [])
  for (let edge = 0; edge * 2 < ends.length; edge++) {
    edges[ends[edge * 2] ?? 0]?.push(edge)
    edges[ends[edge * 2 + 1] ?? 0]?.push(edge)
  }
  return edges
}

/** The edges between nodes that follow each other on the way. */
function edgesAlong(ends: Int32Array, way: readonly number[]): ReadonlySet<number> {
  const pairs = new Set(way.slice(1).map((node, at) => `${way[at]} ${node}`))
  const edges = new Set<number>()
  for (let edge = 0; edge * 2 < ends.length; edge++) {
    if (pairs.has(`${ends[edge * 2]} ${ends[edge * 2 + 1]}`)) edges.add(edge)
  }
  return edges
}

function moveByKey({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): readonly [number, number] | 'fit' | null {
  if (ctrlKey || metaKey || altKey) return null
  switch (key.toLowerCase()) {
    case 'w':
      return [0, 1]
    case 's':
      return [0, -1]
    case 'a':
      return [1, 0]
    case 'd':
      return [-1, 0]
    case 'f':
      return 'fit'
    default:
      return null
  }
}

function useSize(): readonly [(element: HTMLElement | null) => void, Size] {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 })
  const observer = useRef<ResizeObserver | null>(null)
  const frame = useCallback((element: HTMLElement | null) => {
    observer.current?.disconnect()
    if (element === null) return
    observer.current = new ResizeObserver(([entry]) => {
      if (entry === undefined) return
      setSize({ width: Math.floor(entry.contentRect.width), height: Math.floor(entry.contentRect.height) })
    })
    observer.current.observe(element)
  }, [])
  return [frame, size]
}
