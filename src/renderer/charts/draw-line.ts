import { type BucketSeries, bucketCount } from '../client/telemetry-history.ts'
import type { Drawing } from './live-canvas.tsx'

/** Where a value lies between the bottom, 0, and the top, 1. */
type Scale = (value: number) => number

/** From zero to the largest value. */
export function linearScale(largest: number): Scale {
  return (value) => (largest <= 0 ? 0 : value / largest)
}

/** Whole decades around the values: a wait of a microsecond and one of a second fit into one picture. */
export function decadeScale(smallest: number, largest: number): Scale {
  const low = Math.floor(Math.log10(Math.max(smallest, 0.1)))
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(largest, 0.1))))
  return (value) => Math.max(0, Math.min(1, (Math.log10(Math.max(value, 0.1)) - low) / (high - low)))
}

/** Draws a series over its minute. A gap in what is known is a gap in the line. `fill` shades what lies under it. */
export function drawLine(drawing: Drawing, series: BucketSeries, scale: Scale, color: string, fill = false): void {
  const { context, width, height, history } = drawing
  const step = width / bucketCount
  const point = (value: number) => height - 1 - scale(value) * (height - 3)
  context.strokeStyle = color
  context.lineWidth = 1.25
  context.lineJoin = 'round'
  context.beginPath()
  let open = false
  history.forEach(series, (value, age) => {
    if (Number.isNaN(value)) {
      open = false
      return
    }
    const x = width - (age + 0.5) * step
    if (open) context.lineTo(x, point(value))
    else context.moveTo(x, point(value))
    open = true
  })
  context.stroke()
  if (!fill) return
  context.globalAlpha = 0.16
  context.fillStyle = color
  context.beginPath()
  history.forEach(series, (value, age) => {
    if (Number.isNaN(value)) return
    context.rect(width - (age + 1) * step, point(value), step, height - 1 - point(value))
  })
  context.fill()
  context.globalAlpha = 1
}

/** Smallest and largest known value of several series; null when nothing is known. */
export function rangeOf(
  drawing: Drawing,
  series: readonly BucketSeries[],
): { readonly low: number; readonly high: number } | null {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const one of series) {
    drawing.history.forEach(one, (value) => {
      if (Number.isNaN(value)) return
      low = Math.min(low, value)
      high = Math.max(high, value)
    })
  }
  return low > high ? null : { low, high }
}
