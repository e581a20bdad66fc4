import type { GraphLayout } from './graph-shape.ts'
import { nodeSize } from './graph-shape.ts'

/** Below this zoom no text could be read: one canvas shows everything. */
export const overviewZoom = 0.5
export const zoomLeast = 0.005
export const zoomMost = 2

export interface Viewport {
  readonly x: number
  readonly y: number
  readonly zoom: number
}

export interface Size {
  readonly width: number
  readonly height: number
}

/** The viewport in which all of the graph, or one node in the middle, is seen. */
export function fitted({ width, height }: GraphLayout, size: Size): Viewport {
  // Search above, legend and controls below.
  const margin = { side: 24, above: 48, below: 56 }
  const zoom = Math.min(
    1,
    (size.width - margin.side * 2) / Math.max(1, width),
    (size.height - margin.above - margin.below) / Math.max(1, height),
  )
  const bounded = Math.max(zoomLeast, zoom)
  const y = margin.above + (size.height - margin.above - margin.below - height * bounded) / 2
  return { x: (size.width - width * bounded) / 2, y, zoom: bounded }
}

export function centredOn({ places }: GraphLayout, node: number, size: Size, zoom: number): Viewport {
  const x = (places[node * 2] ?? 0) + nodeSize.width / 2
  const y = (places[node * 2 + 1] ?? 0) + nodeSize.height / 2
  return { x: size.width / 2 - x * zoom, y: size.height / 2 - y * zoom, zoom }
}

/** Nodes that are at least partly in sight, with `margin` pixels of the screen around it. */
export function nodesInSight({ places }: GraphLayout, { x, y, zoom }: Viewport, size: Size, margin: number): number[] {
  const left = (-x - margin) / zoom - nodeSize.width
  const top = (-y - margin) / zoom - nodeSize.height
  const right = (size.width - x + margin) / zoom
  const bottom = (size.height - y + margin) / zoom
  const found: number[] = []
  for (let node = 0; node * 2 < places.length; node++) {
    const nodeX = places[node * 2] ?? 0
    const nodeY = places[node * 2 + 1] ?? 0
    if (nodeX >= left && nodeX <= right && nodeY >= top && nodeY <= bottom) found.push(node)
  }
  return found
}

/** The node under a point of the screen; -1 for none. */
export function nodeAt({ places }: GraphLayout, { x, y, zoom }: Viewport, screenX: number, screenY: number): number {
  const graphX = (screenX - x) / zoom
  const graphY = (screenY - y) / zoom
  for (let node = 0; node * 2 < places.length; node++) {
    const left = places[node * 2] ?? 0
    const top = places[node * 2 + 1] ?? 0
    if (graphX >= left && graphX <= left + nodeSize.width && graphY >= top && graphY <= top + nodeSize.height)
      return node
  }
  return -1
}
