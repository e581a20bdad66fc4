import { type BucketSeries, bucketCount, type TelemetryHistory } from '../client/telemetry-history.ts'
import type { Drawing } from './live-canvas.tsx'

/** Upper edge of one column, and its left and right, in pixels. */
export interface Column {
  readonly left: number
  readonly right: number
  readonly ours: number
  readonly total: number
}

/** The columns of a strip from the oldest to the newest; buckets of which nothing is known are left out. */
export function stripColumns(
  history: TelemetryHistory,
  ours: BucketSeries,
  others: BucketSeries,
  width: number,
): readonly Column[] {
  const columns: Column[] = []
  const step = width / bucketCount
  const shares = new Float32Array(bucketCount)
  history.forEach(others, (value, age) => {
    shares[age] = value
  })
  history.forEach(ours, (value, age) => {
    const other = shares[age] ?? Number.NaN
    if (Number.isNaN(value) || Number.isNaN(other)) return
    const right = width - age * step
    columns.push({ left: right - step, right, ours: value, total: Math.min(1, value + other) })
  })
  return columns
}

/** Time runs left to right; ours from the ground, others on top of it and hatched, idle is what stays empty. */
export function drawStrip({ context, width, height, palette, history }: Drawing, core: number): void {
  const ours = history.ours[core]
  const others = history.others[core]
  const floor = height - 1
  if (ours !== undefined && others !== undefined) {
    const columns = stripColumns(history, ours, others, width)
    context.fillStyle = hatch(context, palette.others)
    fillColumns(context, columns, (column) => [floor * (1 - column.total), floor * (1 - column.ours)])
    context.fillStyle = palette.ours
    fillColumns(context, columns, (column) => [floor * (1 - column.ours), floor])
  }
  context.fillStyle = palette.hairline
  context.fillRect(0, floor, width, 1)
}

function fillColumns(
  context: CanvasRenderingContext2D,
  columns: readonly Column[],
  edges: (column: Column) => readonly [number, number],
): void {
  context.beginPath()
  for (const column of columns) {
    const [top, bottom] = edges(column)
    // Half a pixel is the least that shows; less is noise of the measurement.
    if (bottom - top > 0.5) context.rect(column.left, top, column.right - column.left, bottom - top)
  }
  context.fill()
}

const hatches = new Map<string, CanvasPattern>()

/** Diagonal lines: told from a plain fill without any colour. */
export function hatch(context: CanvasRenderingContext2D, color: string): CanvasPattern | string {
  const known = hatches.get(color)
  if (known !== undefined) return known
  const tile = document.createElement('canvas')
  tile.width = 4
  tile.height = 4
  const pen = tile.getContext('2d')
  if (pen === null) return color
  pen.strokeStyle = color
  pen.lineWidth = 1.25
  pen.beginPath()
  for (const offset of [-4, 0, 4]) {
    pen.moveTo(offset - 1, 5)
    pen.lineTo(offset + 5, -1)
  }
  pen.stroke()
  const pattern = context.createPattern(tile, 'repeat')
  if (pattern === null) return color
  hatches.set(color, pattern)
  return pattern
}
