import type { GraphLayout } from './graph-shape.ts'
import { nodeSize } from './graph-shape.ts'
import type { Size, Viewport } from './graph-view.ts'

export interface OverviewColors {
  /** By state number. */
  readonly states: readonly string[]
  readonly edge: string
  readonly taken: string
  readonly critical: string
  readonly selected: string
}

export interface OverviewContent {
  readonly layout: GraphLayout
  readonly ends: Int32Array
  readonly states: readonly number[]
  readonly taken: readonly number[]
  readonly criticalEdges: ReadonlySet<number>
  readonly selected: number
}

/** More edges than this in sight are only a grey cloud that costs time. */
const edgesMost = 30_000

/** Draws the whole graph from its columns: one path for each colour, nothing for what is out of sight. */
export function drawOverview(
  context: CanvasRenderingContext2D,
  { layout, ends, states, taken, criticalEdges, selected }: OverviewContent,
  { x, y, zoom }: Viewport,
  size: Size,
  colors: OverviewColors,
): void {
  const { places } = layout
  const width = Math.max(1, nodeSize.width * zoom)
  const height = Math.max(1, nodeSize.height * zoom)
  const edges: [Path2D, Path2D, Path2D] = [new Path2D(), new Path2D(), new Path2D()]
  const count = ends.length / 2
  const step = Math.max(1, Math.ceil(count / edgesMost))
  for (let edge = 0; edge < count; edge += step) {
    const from = ends[edge * 2] ?? 0
    const to = ends[edge * 2 + 1] ?? 0
    const fromX = (places[from * 2] ?? 0) * zoom + x + width
    const toX = (places[to * 2] ?? 0) * zoom + x
    if (Math.max(fromX, toX) < 0 || Math.min(fromX, toX) > size.width) continue
    const fromY = (places[from * 2 + 1] ?? 0) * zoom + y + height / 2
    const toY = (places[to * 2 + 1] ?? 0) * zoom + y + height / 2
    if (Math.max(fromY, toY) < 0 || Math.min(fromY, toY) > size.height) continue
    const path = edges[criticalEdges.has(edge) ? 2 : (taken[edge] ?? 0) > 0 ? 1 : 0]
    path.moveTo(fromX, fromY)
    path.lineTo(toX, toY)
  }
  context.lineWidth = Math.max(0.4, Math.min(1, zoom * 2))
  context.strokeStyle = colors.edge
  context.stroke(edges[0])
  context.strokeStyle = colors.taken
  context.stroke(edges[1])
  context.lineWidth = 2
  context.strokeStyle = colors.critical
  context.stroke(edges[2])
  drawNodes(context, layout, states, { x, y, zoom }, size, colors)
  if (selected < 0) return
  context.strokeStyle = colors.selected
  context.strokeRect(
    (places[selected * 2] ?? 0) * zoom + x - 2,
    (places[selected * 2 + 1] ?? 0) * zoom + y - 2,
    width + 4,
    height + 4,
  )
}

function drawNodes(
  context: CanvasRenderingContext2D,
  { places }: GraphLayout,
  states: readonly number[],
  { x, y, zoom }: Viewport,
  size: Size,
  colors: OverviewColors,
): void {
  const width = Math.max(1, nodeSize.width * zoom)
  const height = Math.max(1, nodeSize.height * zoom)
  const paths = colors.states.map(() => new Path2D())
  for (let node = 0; node * 2 < places.length; node++) {
    const left = (places[node * 2] ?? 0) * zoom + x
    const top = (places[node * 2 + 1] ?? 0) * zoom + y
    if (left + width < 0 || left > size.width || top + height < 0 || top > size.height) continue
    paths[states[node] ?? 0]?.rect(left, top, width, height)
  }
  paths.forEach((path, state) => {
    context.fillStyle = colors.states[state] ?? colors.edge
    context.fill(path)
  })
}
