import type { TimelineLane, TimelineView } from '../../../../shared/contract/timeline.ts'
import type { TimeRange } from './timeline-window.ts'

/** Sizes in CSS pixels. */
export const axisHeight = 22
export const laneHeight = 18
export const laneGap = 2
export const coreGap = 6
/** Width of the lanes' names at the left. */
export const namesWidth = 76

export interface PlacedLane {
  readonly lane: TimelineLane
  readonly top: number
  /** True for the first worker of a core, which carries the core's name. */
  readonly first: boolean
}

/** One lane below the other, a larger gap between cores. */
export function placeLanes(lanes: readonly TimelineLane[]): readonly PlacedLane[] {
  let top = axisHeight
  return lanes.map((lane, index) => {
    const first = lanes[index - 1]?.core !== lane.core
    if (index > 0) top += laneHeight + (first ? coreGap : laneGap)
    return { lane, top, first }
  })
}

export function layoutHeight(lanes: readonly TimelineLane[]): number {
  const last = placeLanes(lanes).at(-1)
  return last === undefined ? axisHeight + laneHeight : last.top + laneHeight + laneGap
}

/** Spans in the order of their starts, each with how many others it lies in. */
export function nested(spans: TimelineLane['spans']): readonly { readonly index: number; readonly depth: number }[] {
  const order = spans.start
    .map((_, index) => index)
    .sort((a, b) => (spans.start[a] ?? 0) - (spans.start[b] ?? 0) || lengthOf(spans, b) - lengthOf(spans, a))
  const open: number[] = []
  return order.map((index) => {
    while (open.length > 0 && (spans.end[open.at(-1) ?? 0] ?? 0) <= (spans.start[index] ?? 0)) open.pop()
    const depth = open.length
    open.push(index)
    return { index, depth }
  })
}

/** From instants to pixels and back, right of the names. */
export class TimeScale {
  readonly range: TimeRange
  readonly #left: number
  readonly #width: number

  constructor(range: TimeRange, width: number) {
    this.range = range
    this.#left = namesWidth
    this.#width = Math.max(1, width - namesWidth)
  }

  x(at: number): number {
    return this.#left + ((at - this.range.from) / (this.range.to - this.range.from)) * this.#width
  }

  at(x: number): number {
    return this.range.from + this.share(x) * (this.range.to - this.range.from)
  }

  /** 0 at the left edge of the lanes, 1 at the right one. */
  share(x: number): number {
    return Math.min(1, Math.max(0, (x - this.#left) / this.#width))
  }
}

/** What lies under the pointer. */
export type Hit =
  | {
      readonly kind: 'run'
      readonly lane: TimelineLane
      readonly operation: number
      readonly token: number
      readonly start: number
      readonly end: number
    }
  | {
      readonly kind: 'several'
      readonly lane: TimelineLane
      readonly operation: number
      readonly tokens: number
      readonly busy: number
    }
  | { readonly kind: 'idle'; readonly lane: TimelineLane; readonly at: number }

/** A run within this many pixels is meant too: a bar of one pixel is hard to hit. */
const reach = 2

export function hitTest(view: TimelineView, scale: TimeScale, x: number, y: number): Hit | null {
  if (x < namesWidth) return null
  const placed = placeLanes(view.lanes).find(({ top }) => y >= top && y < top + laneHeight)
  if (placed === undefined) return null
  const { lane } = placed
  return runAt(lane, scale, x) ?? binAt(view, lane, scale, x) ?? { kind: 'idle', lane, at: scale.at(x) }
}

/** The shortest of the runs there: a lead that waits lies under the children that run meanwhile. */
function runAt(lane: TimelineLane, scale: TimeScale, x: number): Hit | null {
  const { spans } = lane
  let best = -1
  for (let index = 0; index < spans.start.length; index++) {
    const left = scale.x(spans.start[index] ?? 0) - reach
    const right = scale.x(spans.end[index] ?? 0) + reach
    if (x < left || x > right) continue
    if (best < 0 || lengthOf(spans, index) < lengthOf(spans, best)) best = index
  }
  if (best < 0) return null
  return {
    kind: 'run',
    lane,
    operation: spans.operation[best] ?? 0,
    token: spans.token[best] ?? 0,
    start: spans.start[best] ?? 0,
    end: spans.end[best] ?? 0,
  }
}

function lengthOf({ start, end }: TimelineLane['spans'], index: number): number {
  return (end[index] ?? 0) - (start[index] ?? 0)
}

function binAt(view: TimelineView, lane: TimelineLane, scale: TimeScale, x: number): Hit | null {
  const columnWidth = (view.to - view.from) / view.columns
  const column = Math.floor((scale.at(x) - view.from) / columnWidth)
  const index = lane.bins.column.indexOf(column)
  if (index < 0) return null
  return {
    kind: 'several',
    lane,
    operation: lane.bins.operation[index] ?? 0,
    tokens: lane.bins.tokens[index] ?? 0,
    busy: lane.bins.busy[index] ?? 0,
  }
}
