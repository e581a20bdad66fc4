import 'reactflow/dist/style.css'
import { type KeyboardEvent, type MouseEvent, useEffect, useRef, useState } from 'react'
import { ReactFlow } from 'reactflow'
import { useFlowElements } from './flow-elements.ts'
import { GraphControls, GraphLegend } from './graph-controls.tsx'
import { graphKey, nextInDirection } from './graph-keys.ts'
import type { Drawing, GraphContent } from './graph-picture.ts'
import { GraphSearch } from './graph-search.tsx'
import { nodeAt, type Size, zoomLeast, zoomMost } from './graph-view.ts'
import { LaneEdge } from './lane-edge.tsx'
import { OverviewCanvas } from './overview-canvas.tsx'
import styles from './run-graph.module.css'
import { RunNode } from './run-node.tsx'
import { nodeStateLabel } from './state-colors.ts'
import type { Folding } from './use-folding.ts'
import { type GraphViewport, useGraphViewport } from './use-graph-viewport.ts'

const nodeTypes = { run: RunNode }
const edgeTypes = { lane: LaneEdge }
/** Pixels by which a key moves the picture. */
const keyStep = 96
const keysInWords =
  'W, A, S and D move it, the arrow keys go from node to node, Enter opens one, F fits it, U unfolds or folds it, / finds a node, the keys [ and ] go from step to step.'

export interface LaidOutProps extends Drawing {
  readonly label: string
  readonly size: Size
  readonly content: GraphContent
  readonly folding: Folding
  readonly onSelect: (node: number) => void
  readonly onFind: (node: number) => void
  readonly reveal: number
}

export function LaidOut(props: LaidOutProps) {
  const { label, layout, folded, picture, size, content, folding, onSelect, onFind, reveal } = props
  const view = useGraphViewport({ layout, folded, size })
  const search = useRef<HTMLInputElement>(null)
  const { cursor, setCursor } = useCursor(folded.unitOf, content.selected)
  // While it is still in a box, the graph in which it stands alone is being laid out.
  useReveal(reveal, picture.counts[picture.selected] === 1 ? picture.selected : -1, view)
  const open = (unit: number) => {
    const nodes = folded.members[unit] ?? []
    const [first = -1] = nodes
    if (first < 0) return
    setCursor(first)
    view.hold(first)
    if (nodes.length > 1) folding.unfold(nodes)
    else onSelect(first)
  }
  const walk = (x: number, y: number) => {
    const next = cursor < 0 ? 0 : nextInDirection(layout, cursor, x, y)
    if (next < 0) return
    setCursor(folded.members[next]?.[0] ?? -1)
    view.bringIn(next)
  }
  const press = (event: KeyboardEvent) => {
    // A field or a button within has keys of its own.
    const key = event.target === event.currentTarget ? graphKey(event) : null
    if (key === null) return
    event.preventDefault()
    event.stopPropagation()
    if (key.act === 'pan') view.moveBy(key.x * keyStep, key.y * keyStep)
    else if (key.act === 'go') walk(key.x, key.y)
    else if (key.act === 'open') open(cursor)
    else if (key.act === 'fit') view.fit()
    else if (key.act === 'fold') toggle(folding)
    else if (key.act === 'search') search.current?.focus()
    else view.zoomBy(key.act === 'closer' ? 1.5 : 1 / 1.5)
  }
  const pick = (event: MouseEvent<HTMLElement>) => {
    if (!view.sight.overview) return
    const box = event.currentTarget.getBoundingClientRect()
    const unit = nodeAt(layout, view.viewport.current, event.clientX - box.left, event.clientY - box.top)
    if (unit >= 0) open(unit)
  }
  const elements = useFlowElements({ layout, picture, inSight: view.sight.units, cursor })
  return (
    <div className={styles.graph}>
      <div
        role="application"
        aria-label={`${label}: a graph. ${keysInWords}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is moved with the keyboard
        tabIndex={0}
        className={styles.graph}
        onKeyDown={press}
        onClick={pick}
        data-overview={view.sight.overview}
      >
        {view.sight.overview ? <OverviewCanvas {...{ layout, picture, cursor, size, view }} /> : null}
        <ReactFlow
          nodes={elements.nodes}
          edges={elements.edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          defaultViewport={view.first}
          minZoom={zoomLeast}
          maxZoom={zoomMost}
          onInit={(instance) => {
            view.flow.current = instance
            // Somebody may have asked for another place before there was anything to move.
            void instance.setViewport(view.viewport.current)
          }}
          onMove={(event, next) => view.follow(next, event !== null)}
          onNodeClick={(_event, node) => open(Number(node.id))}
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
      </div>
      <p className="visually-hidden" role="status">
        {cursor < 0 ? '' : inWords(picture, cursor)}
      </p>
      {content.shape.nodeCount < searchFrom ? null : (
        <GraphSearch ref={search} names={content.names} kinds={content.kinds} onFind={onFind} />
      )}
      <GraphLegend critical={content.critical.length > 0} />
      <GraphControls view={view} folding={folding} shown={picture.shape.nodeCount} all={content.shape.nodeCount} />
    </div>
  )
}

/** In smaller graphs one sees every name. */
const searchFrom = 12

function toggle({ on, touched, unfoldAll, fold }: Folding): void {
  if (on && !touched) unfoldAll()
  else fold()
}

function inWords({ names, states, counts }: Drawing['picture'], unit: number): string {
  const box = (counts[unit] ?? 1) > 1 ? ', a box: Enter unfolds it' : ''
  return `${names[unit] ?? ''}, ${nodeStateLabel(states[unit] ?? 0)}${box}`
}

/** Where the keyboard is: on the unit that holds a node, however it is folded. Begins at what is looked at. */
function useCursor(unitOf: Int32Array, selected: number) {
  const [node, setCursor] = useState(selected)
  useEffect(() => {
    if (selected >= 0) setCursor(selected)
  }, [selected])
  return { cursor: node < 0 ? -1 : (unitOf[node] ?? -1), setCursor }
}

/** Brings the selected unit into the middle each time it is asked for. */
function useReveal(reveal: number, unit: number, view: GraphViewport): void {
  const revealed = useRef(0)
  useEffect(() => {
    if (reveal === revealed.current || unit < 0) return
    revealed.current = reveal
    view.centre(unit)
  })
}
