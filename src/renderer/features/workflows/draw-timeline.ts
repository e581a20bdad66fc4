import type { ProcedureOutput } from '../../../shared/contract/index.ts'
import { readColors } from '../../charts/palette.ts'
import { formatDuration } from '../../ui/format.ts'
import type { TimeScale } from './time-scale.ts'
import { ticksOf } from './timeline-range.ts'

export type Timeline = ProcedureOutput<'workflows.timeline'>

export const laneHeight = 20
export const axisHeight = 20
/** Where names of lanes stand. */
export const labelWidth = 64
/** Bars at least this wide tell their name. */
const namedFrom = 44
/** Ticks are at least this far apart. */
const tickWidth = 96

export interface TimelineDrawing {
  readonly timeline: Timeline
  /** Of times since `from`. */
  readonly scale: TimeScale
  readonly from: number
  readonly to: number
  /** The moment that is looked at; null for none. */
  readonly at: number | null
  readonly selected: number | null
  readonly width: number
  readonly height: number
  /** Stretches that are left out, of times since `from`. */
  readonly idle: readonly (readonly number[])[]
  /** By node. */
  readonly names: readonly string[]
}

/** Draws an axis of time and a lane for each core. */
export function drawTimeline(context: CanvasRenderingContext2D, box: HTMLElement, drawing: TimelineDrawing): void {
  const { scale, from, at, width, height } = drawing
  const colors = readColors(box, {
    good: '--state-completed',
    bad: '--state-failed',
    many: '--series-others',
    line: '--hairline',
    gap: '--surface-hover',
    text: '--text-muted',
    over: '--surface-panel',
    chosen: '--focus-ring',
  })
  context.clearRect(0, 0, width, height)
  context.font = '11px system-ui, sans-serif'
  context.textBaseline = 'middle'
  drawAxis(context, drawing, colors)
  for (const index of drawing.timeline.lanes.keys()) drawLane(context, index, drawing, colors)
  if (at === null || at < from) return
  context.fillStyle = colors.chosen
  context.fillRect(labelWidth + scale.x(at - from), 0, 1, height)
}

type Colors = Readonly<Record<'good' | 'bad' | 'many' | 'line' | 'gap' | 'text' | 'over' | 'chosen', string>>

function drawAxis(
  context: CanvasRenderingContext2D,
  { scale, from, to, width, height, idle }: TimelineDrawing,
  colors: Colors,
): void {
  context.fillStyle = colors.gap
  for (const [start = 0, end = 0] of idle) {
    context.fillRect(labelWidth + scale.x(start), axisHeight, scale.x(end) - scale.x(start), height - axisHeight)
  }
  let free = 0
  for (const tick of ticksOf(from, to, (width - labelWidth) / tickWidth)) {
    const x = labelWidth + scale.x(tick - from)
    // Where time is left out ticks come together.
    if (x < free || x > width - tickWidth / 2) continue
    free = x + tickWidth
    context.fillStyle = colors.line
    context.fillRect(x, 0, 1, height)
    context.fillStyle = colors.text
    context.fillText(formatDuration(tick), x + 4, axisHeight / 2)
  }
}

function drawLane(
  context: CanvasRenderingContext2D,
  index: number,
  { timeline, scale, from, selected, width, names }: TimelineDrawing,
  colors: Colors,
): void {
  const lane = timeline.lanes[index]
  if (lane === undefined) return
  const top = axisHeight + index * laneHeight
  context.fillStyle = colors.text
  context.fillText(lane.name, 0, top + laneHeight / 2)
  context.fillStyle = colors.line
  context.fillRect(0, top + laneHeight - 1, width, 1)
  lane.starts.forEach((start, span) => {
    const left = labelWidth + Math.max(0, scale.x(start - from))
    const right = Math.min(width, labelWidth + scale.x((lane.ends[span] ?? start) - from))
    const step = lane.steps[span] ?? -1
    const length = Math.max(1, right - left - 0.5)
    context.fillStyle = (lane.failed[span] ?? 0) > 0 ? colors.bad : step < 0 ? colors.many : colors.good
    context.fillRect(left, top + 3, length, laneHeight - 7)
    if (step >= 0 && length >= namedFrom) {
      drawName(context, names[lane.nodes[span] ?? -1] ?? '', left, top, length, colors.over)
    }
    if (step < 0 || step !== selected) return
    context.strokeStyle = colors.chosen
    context.lineWidth = 2
    context.strokeRect(left - 1, top + 2, Math.max(3, length + 2), laneHeight - 5)
  })
}

function drawName(
  context: CanvasRenderingContext2D,
  name: string,
  left: number,
  top: number,
  width: number,
  color: string,
): void {
  context.save()
  context.beginPath()
  context.rect(left, top, width - 2, laneHeight)
  context.clip()
  context.fillStyle = color
  context.fillText(name, left + 4, top + laneHeight / 2 - 0.5)
  context.restore()
}

export interface PickedSpan {
  readonly step: number
  readonly node: number
  readonly start: number
  readonly end: number
  readonly lane: string
}

/** What stands at a place of the picture; null for nothing. */
export function spanAt({ timeline, scale, from, to }: TimelineDrawing, x: number, y: number): PickedSpan | null {
  const lane = timeline.lanes[Math.floor((y - axisHeight) / laneHeight)]
  if (lane === undefined || y < axisHeight || x < labelWidth) return null
  const time = from + scale.time(x - labelWidth)
  const slack = (to - from) / 300
  const span = lane.starts.findIndex(
    (start, index) => time >= start - slack && time <= (lane.ends[index] ?? start) + slack,
  )
  if (span < 0) return null
  const start = lane.starts[span] ?? 0
  return {
    step: lane.steps[span] ?? -1,
    node: lane.nodes[span] ?? -1,
    start,
    end: lane.ends[span] ?? start,
    lane: lane.name,
  }
}
