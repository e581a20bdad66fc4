import { type MouseEvent, useEffect, useMemo, useRef, useState } from 'react'
import { onThemeChange } from '../../charts/palette.ts'
import { formatDuration } from '../../ui/format.ts'
import {
  axisHeight,
  drawTimeline,
  labelWidth,
  laneHeight,
  type PickedSpan,
  spanAt,
  type Timeline,
  type TimelineDrawing,
} from './draw-timeline.ts'
import { TimeScale } from './time-scale.ts'
import styles from './workflows-page.module.css'

export interface TimelineLanesProps {
  readonly timeline: Timeline
  readonly from: number
  readonly to: number
  readonly collapsed: boolean
  readonly at: number | null
  readonly selected: number | null
  readonly names: readonly string[]
  readonly onSelect: (step: number, node: number) => void
  readonly onZoom: (factor: number, around: number) => void
  readonly onMove: (share: number) => void
}

/** The wheel turns by about so many pixels at once. */
const wheelStep = 400

/** The picture of a timeline: a click opens a step, the wheel moves it, with Ctrl it zooms. */
export function TimelineLanes(props: TimelineLanesProps) {
  const { timeline, from, to, collapsed, at, selected, names, onSelect } = props
  const canvas = useRef<HTMLCanvasElement>(null)
  const width = useWidth(canvas)
  const [pointed, setPointed] = useState<{ readonly span: PickedSpan; readonly x: number } | null>(null)
  const height = axisHeight + Math.max(1, timeline.lanes.length) * laneHeight
  const drawing = useMemo((): TimelineDrawing => {
    const idle = collapsed ? idleWithin(timeline, from, to) : []
    const scale = new TimeScale(to - from, Math.max(1, width - labelWidth), idle)
    return { timeline, scale, from, to, at, selected, width, height, idle, names }
  }, [timeline, from, to, collapsed, at, selected, width, height, names])
  useEffect(() => {
    const target = canvas.current
    const context = target?.getContext('2d') ?? null
    const box = target?.parentElement
    if (target === null || context === null || box == null || width === 0) return
    const paint = () => {
      target.width = width * devicePixelRatio
      target.height = height * devicePixelRatio
      context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0)
      drawTimeline(context, box, drawing)
    }
    paint()
    return onThemeChange(paint)
  }, [drawing, width, height])
  useWheel(canvas, drawing, props)
  const placeOf = (event: MouseEvent<HTMLCanvasElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    const x = event.clientX - box.left
    return { span: spanAt(drawing, x, event.clientY - box.top), x }
  }
  return (
    <div className={styles.lanes} aria-hidden="true">
      <canvas
        ref={canvas}
        style={{ width: '100%', height }}
        onClick={(event) => {
          const { span } = placeOf(event)
          if (span !== null && span.step >= 0) onSelect(span.step, span.node)
        }}
        onMouseMove={(event) => {
          const { span, x } = placeOf(event)
          setPointed(span === null ? null : { span, x })
        }}
        onMouseLeave={() => setPointed(null)}
      />
      {pointed === null ? null : (
        <p className={styles.spanHint} style={{ left: Math.min(pointed.x, width - 200) }}>
          {hintOf(pointed.span, names)}
        </p>
      )}
    </div>
  )
}

function hintOf({ step, node, start, end, lane }: PickedSpan, names: readonly string[]): string {
  const what = step < 0 ? 'Several steps' : (names[node] ?? '')
  return `${what}: ${formatDuration(end - start)} from ${formatDuration(start)}, ${lane}`
}

/** Of times since `from`. */
function idleWithin({ idle }: Timeline, from: number, to: number): readonly (readonly number[])[] {
  return idle
    .map(([start = 0, end = 0]) => [start - from, end - from])
    .filter(([start = 0, end = 0]) => start >= 0 && end <= to - from)
}

function useWidth(canvas: { readonly current: HTMLCanvasElement | null }): number {
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const box = canvas.current?.parentElement
    if (box == null) return
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)))
    observer.observe(box)
    return () => observer.disconnect()
  }, [canvas])
  return width
}

/** Not as React does it: its wheel events cannot keep the page from zooming. */
function useWheel(
  canvas: { readonly current: HTMLCanvasElement | null },
  drawing: TimelineDrawing,
  { onZoom, onMove }: Pick<TimelineLanesProps, 'onZoom' | 'onMove'>,
): void {
  const newest = useRef({ drawing, onZoom, onMove })
  newest.current = { drawing, onZoom, onMove }
  useEffect(() => {
    const target = canvas.current
    if (target === null) return
    const turn = (event: WheelEvent) => {
      const { drawing: now, onZoom: zoom, onMove: move } = newest.current
      const sideways = event.shiftKey ? event.deltaY : event.deltaX
      if (event.ctrlKey || event.metaKey) {
        const x = event.clientX - target.getBoundingClientRect().left - labelWidth
        zoom(2 ** (event.deltaY / wheelStep), now.from + now.scale.time(Math.max(0, x)))
      } else if (sideways !== 0) move(sideways / Math.max(1, now.width))
      // Up and down goes to where the lanes scroll.
      else return
      event.preventDefault()
    }
    target.addEventListener('wheel', turn, { passive: false })
    return () => target.removeEventListener('wheel', turn)
  }, [canvas])
}
