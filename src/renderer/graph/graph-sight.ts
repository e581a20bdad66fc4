import type { GraphLayout } from './graph-shape.ts'
import { nodesInSight, overviewZoom, type Size, type Viewport } from './graph-view.ts'

/** Pixels around the screen in which nodes are there already. */
const margin = 240

/** What exists for React Flow, and for which viewports that is enough. */
export interface Sight {
  readonly overview: boolean
  readonly units: readonly number[]
  readonly at: Viewport
  readonly layout: GraphLayout
  readonly size: Size
}

export function sightOf(layout: GraphLayout, at: Viewport, size: Size): Sight {
  const overview = at.zoom < overviewZoom
  return { overview, units: overview ? [] : nodesInSight(layout, at, size, margin), at, layout, size }
}

export function stillHolds(
  { overview, at, layout, size }: Sight,
  next: Sight['at'],
  of: Pick<Sight, 'layout' | 'size'>,
) {
  if (layout !== of.layout || size !== of.size) return false
  if (overview) return next.zoom < overviewZoom
  const moved = Math.max(Math.abs(at.x - next.x), Math.abs(at.y - next.y))
  return next.zoom === at.zoom && moved < margin / 2
}
