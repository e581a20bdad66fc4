import type { GraphPicture } from './graph-picture.ts'
import { type GraphLayout, nodeSize } from './graph-shape.ts'
import type { Size, Viewport } from './graph-view.ts'

export interface OverviewColors {
  /** By state number. */
  readonly states: readonly string[]
  readonly edge: string
  readonly taken: string
  readonly critical: string
  readonly selected: string
  readonly marked: string
  /** Of the number on a box. */
  readonly text: string
}

export interface OverviewContent {
  readonly layout: GraphLayout
  readonly picture: GraphPicture
  /** The unit on which the keyboard is; -1 for none. */
  readonly cursor: number
}

/** More edges than this in sight are only a grey cloud that costs time. */
const edgesMost = 30_000

/** Boxes at least this wide on the screen tell how many nodes are in them. */
const numberedFrom = 28

/** Draws the whole graph from its columns: one path for each colour, nothing for what is out of sight. */
export function drawOverview(
  context: CanvasRenderingContext2D,
  { layout, picture, cursor }: OverviewContent,
  viewport: Viewport,
  size: Size,
  colors: OverviewColors,
): void {
  drawEdges(context, layout, picture, viewport, size, colors)
  drawUnits(context, layout, picture, viewport, size, colors)
  const frame = (unit: number, color: string, dash: number[]) => {
    if (unit < 0) return
    const { left, top, width, height } = placeOf(layout, unit, viewport)
    context.strokeStyle = color
    context.lineWidth = 2
    context.setLineDash(dash)
    context.strokeRect(left - 2, top - 2, width + 4, height + 4)
    context.setLineDash([])
  }
  for (const unit of picture.marked) frame(unit, colors.marked, [])
  if (cursor !== picture.selected) frame(cursor, colors.selected, [4, 3])
  frame(picture.selected, colors.selected, [])
}

function drawEdges(
  context: CanvasRenderingContext2D,
  { places, lanes }: GraphLayout,
  { shape: { ends }, taken, critical }: GraphPicture,
  { x, y, zoom }: Viewport,
  size: Size,
  colors: OverviewColors,
): void {
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
    const passed = lanes.get(edge)
    // A lane may lie in sight where neither end does.
    if (passed === undefined && (Math.max(fromY, toY) < 0 || Math.min(fromY, toY) > size.height)) continue
    const path = edges[critical.has(edge) ? 2 : (taken[edge] ?? 0) > 0 ? 1 : 0]
    path.moveTo(fromX, fromY)
    for (const lane of passed ?? []) {
      path.lineTo(lane.x * zoom + x, lane.y * zoom + y)
      path.lineTo(lane.x * zoom + x + width, lane.y * zoom + y)
    }
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
}

function drawUnits(
  context: CanvasRenderingContext2D,
  layout: GraphLayout,
  { states, counts }: GraphPicture,
  viewport: Viewport,
  size: Size,
  colors: OverviewColors,
): void {
  const paths = colors.states.map(() => new Path2D())
  const numbered: number[] = []
  const numbers = nodeSize.width * viewport.zoom >= numberedFrom
  for (let unit = 0; unit * 2 < layout.places.length; unit++) {
    const { left, top, width, height } = placeOf(layout, unit, viewport)
    if (left + width < 0 || left > size.width || top + height < 0 || top > size.height) continue
    paths[states[unit] ?? 0]?.rect(left, top, width, height)
    if (numbers && (counts[unit] ?? 1) > 1) numbered.push(unit)
  }
  paths.forEach((path, state) => {
    context.fillStyle = colors.states[state] ?? colors.edge
    context.fill(path)
  })
  context.fillStyle = colors.text
  context.font = '11px system-ui, sans-serif'
  context.textAlign = 'center'
  context.textBaseline = 'top'
  for (const unit of numbered) {
    const { left, top, width, height } = placeOf(layout, unit, viewport)
    context.fillText(String(counts[unit] ?? 1), left + width / 2, top + height + 2)
  }
}

function placeOf({ places }: GraphLayout, unit: number, { x, y, zoom }: Viewport) {
  return {
    left: (places[unit * 2] ?? 0) * zoom + x,
    top: (places[unit * 2 + 1] ?? 0) * zoom + y,
    width: Math.max(1, nodeSize.width * zoom),
    height: Math.max(1, nodeSize.height * zoom),
  }
}
