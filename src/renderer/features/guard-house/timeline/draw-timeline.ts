import type { TimelineLane, TimelineView } from '../../../../shared/contract/timeline.ts'
import { formatTimeOfDay } from '../../../ui/format.ts'
import { axisHeight, laneHeight, namesWidth, nested, placeLanes, type TimeScale } from './lane-layout.ts'
import { type TimeRange, ticks } from './timeline-window.ts'

export const categoryCount = 8

/** CSS variables of the colours that the timeline uses. */
type ColorName = 'text' | 'faint' | 'hairline' | 'panel' | 'lane' | 'accent' | `category${number}`
export type TimelineColors = Readonly<Record<ColorName, string>>

export const timelineColors: TimelineColors = {
  text: '--text',
  faint: '--text-faint',
  hairline: '--hairline',
  panel: '--surface-panel',
  lane: '--surface-base',
  accent: '--accent',
  ...Object.fromEntries(
    Array.from({ length: categoryCount }, (_, index) => [`category${index}`, `--category-${index + 1}`]),
  ),
}

/** An operation keeps its colour, whatever else is on the screen. */
export function colorOf(colors: TimelineColors, operation: number): string {
  return colors[`category${operation % categoryCount}`] ?? colors.faint
}

export interface TimelineDrawing {
  readonly context: CanvasRenderingContext2D
  readonly width: number
  readonly height: number
  readonly colors: TimelineColors
  readonly font: string
  readonly view: TimelineView
  readonly scale: TimeScale
  readonly selection: TimeRange | null
  readonly operationName: (index: number) => string
  /** Wall clock milliseconds of an engine instant. */
  readonly wall: (at: number) => number
}

const pixelsPerTick = 110
/** A name needs this much of a bar to be of use. */
const narrowestLabel = 36
const labelInset = 4
const baseline = 13
const depthInset = 5
const deepest = 2

export function drawTimeline(drawing: TimelineDrawing): void {
  const { context, width, view, scale } = drawing
  context.font = drawing.font
  context.textBaseline = 'alphabetic'
  drawAxis(drawing)
  for (const { lane, top, first } of placeLanes(view.lanes)) {
    drawName(drawing, lane, top, first)
    context.save()
    context.beginPath()
    context.rect(namesWidth, top, width - namesWidth, laneHeight)
    context.clip()
    context.fillStyle = drawing.colors.lane
    context.fillRect(namesWidth, top, width - namesWidth, laneHeight)
    drawBins(drawing, lane, top)
    drawSpans(drawing, lane, top)
    context.restore()
  }
  drawForgotten(drawing, scale)
  drawSelection(drawing)
}

function drawAxis({ context, width, height, colors, scale, wall }: TimelineDrawing): void {
  const { at, step } = ticks(scale.range, Math.floor((width - namesWidth) / pixelsPerTick))
  context.fillStyle = colors.hairline
  for (const instant of at) context.fillRect(Math.round(scale.x(instant)), axisHeight - 4, 1, height)
  context.fillStyle = colors.faint
  context.textAlign = 'left'
  for (const instant of at) {
    const x = Math.round(scale.x(instant))
    if (x > width - pixelsPerTick / 2) continue
    context.fillText(tickText(wall(instant), step), x + labelInset, baseline)
  }
}

/** Time of day with as many digits as the distance of the ticks needs. */
function tickText(wall: number, step: number): string {
  const seconds = formatTimeOfDay(wall)
  if (step >= 1_000_000) return seconds
  const digits = step >= 1000 ? 3 : 6
  const fraction = (((wall % 1000) + 1000) % 1000) / 1000
  // Rounding must not carry into the seconds that are written already.
  const shown = Math.floor(fraction * 10 ** digits)
  return `${seconds.slice(-2)}.${String(shown).padStart(digits, '0')} s`
}

function drawName({ context, colors }: TimelineDrawing, lane: TimelineLane, top: number, first: boolean): void {
  context.textAlign = 'left'
  context.fillStyle = first ? colors.text : colors.faint
  if (first) context.fillText(`Core ${lane.core}`, 12, top + baseline)
  context.fillStyle = colors.faint
  context.textAlign = 'right'
  context.fillText(String(lane.slot), namesWidth - 8, top + baseline)
  context.textAlign = 'left'
}

/** Short runs: as high as the share of the time that was busy, so that half idle looks half empty. */
function drawBins({ context, colors, view, scale }: TimelineDrawing, lane: TimelineLane, top: number): void {
  const { bins } = lane
  const columnTime = (view.to - view.from) / view.columns
  const height = laneHeight - 2
  for (let index = 0; index < bins.column.length; index++) {
    const start = view.from + (bins.column[index] ?? 0) * columnTime
    const left = scale.x(start)
    const right = scale.x(start + columnTime)
    const tall = Math.max(1.5, (bins.busy[index] ?? 0) * height)
    context.fillStyle = colorOf(colors, bins.operation[index] ?? 0)
    context.fillRect(left, top + laneHeight - 1 - tall, Math.max(1, right - left), tall)
  }
}

/** A lead that waits for its children lends its worker to them: what runs within a run is drawn lower, so that both stay in sight. */
function drawSpans(drawing: TimelineDrawing, lane: TimelineLane, top: number): void {
  const spans = nested(lane.spans)
  for (const [place, { index, depth }] of spans.entries()) {
    const next = spans[place + 1]
    // The first run within covers what is written there.
    const covered = next !== undefined && next.depth > depth ? lane.spans.start[next.index] : undefined
    drawSpan(drawing, lane, index, top, Math.min(depth, deepest) * depthInset, covered)
  }
}

function drawSpan(
  drawing: TimelineDrawing,
  lane: TimelineLane,
  index: number,
  top: number,
  inset: number,
  covered = Number.POSITIVE_INFINITY,
): void {
  const { context, colors, scale, width, operationName } = drawing
  const { spans } = lane
  const left = scale.x(spans.start[index] ?? 0)
  const right = scale.x(spans.end[index] ?? 0)
  if (right < namesWidth || left > width) return
  const operation = spans.operation[index] ?? 0
  context.fillStyle = colorOf(colors, operation)
  // A pixel between neighbours, unless that would leave nothing.
  const shown = Math.max(1, right - left - (right - left > 3 ? 1 : 0))
  context.fillRect(left, top + 1 + inset, shown, laneHeight - 2 - inset)
  const labelLeft = Math.max(left, namesWidth)
  const room = Math.min(right, width, scale.x(covered)) - labelLeft - 2 * labelInset
  if (room < narrowestLabel || inset > 0) return
  context.save()
  context.beginPath()
  context.rect(labelLeft, top, room + labelInset, laneHeight)
  context.clip()
  context.fillStyle = colors.panel
  context.fillText(operationName(operation), labelLeft + labelInset, top + baseline)
  context.restore()
}

/** What lies before the oldest kept run is not idle: it is not known any more. */
function drawForgotten({ context, colors, view, height, width }: TimelineDrawing, scale: TimeScale): void {
  const until = view.oldest === null ? namesWidth : Math.min(width, scale.x(view.oldest))
  if (until <= namesWidth) return
  context.globalAlpha = 0.55
  context.fillStyle = colors.panel
  context.fillRect(namesWidth, axisHeight, until - namesWidth, height - axisHeight)
  context.globalAlpha = 1
}

function drawSelection({ context, colors, scale, selection, height }: TimelineDrawing): void {
  if (selection === null) return
  const left = Math.max(namesWidth, scale.x(selection.from))
  const right = Math.max(left + 1, scale.x(selection.to))
  context.globalAlpha = 0.14
  context.fillStyle = colors.accent
  context.fillRect(left, 0, right - left, height)
  context.globalAlpha = 1
  context.fillRect(left, 0, 1, height)
  context.fillRect(right - 1, 0, 1, height)
}
