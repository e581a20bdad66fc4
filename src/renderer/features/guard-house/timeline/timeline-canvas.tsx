import { useEffect, useRef, useState } from 'react'
import type { TimelineView } from '../../../../shared/contract/timeline.ts'
import { onThemeChange, readColors } from '../../../charts/palette.ts'
import { useFacts, useHost, useWallClock } from '../../../client/host-context.tsx'
import { drawTimeline, type TimelineColors, timelineColors } from './draw-timeline.ts'
import { type Hit, hitTest, layoutHeight, TimeScale } from './lane-layout.ts'
import styles from './timeline.module.css'
import { edges, pan, type TimelineWindow, type TimeRange, zoom } from './timeline-window.ts'

export interface TimelineCanvasProps {
  readonly view: TimelineView
  readonly window: TimelineWindow
  readonly selection: TimeRange | null
  readonly onWindow: (window: TimelineWindow) => void
  readonly onSelection: (selection: TimeRange | null) => void
  readonly onHover: (hit: Hit | null) => void
  readonly onOpen: (hit: Hit) => void
  readonly onWidth: (width: number) => void
}

/** Less than this is a click and no drag. */
const clickSlack = 3
const wheelZoom = 0.0015

interface Drag {
  readonly startX: number
  readonly startAt: number
  readonly window: TimelineWindow
  readonly panning: boolean
  moved: boolean
}

/** The picture, and what a pointer does to it: drag selects, Shift and drag moves, Ctrl and wheel zooms, a click opens. */
export function TimelineCanvas(props: TimelineCanvasProps) {
  const { view, window, selection } = props
  const { facts } = useHost()
  const wall = useWallClock()
  const operations = useFacts((state) => state.operations)
  const canvas = useRef<HTMLCanvasElement>(null)
  const drag = useRef<Drag | null>(null)
  const { width, colors } = useSurface(canvas, props.onWidth)
  const height = layoutHeight(view.lanes)
  const scale = new TimeScale(edges(window, view.now), width)

  useEffect(() => {
    const target = canvas.current
    const context = target?.getContext('2d') ?? null
    if (target === null || context === null || colors === null || wall === null || width === 0) return
    target.width = width * devicePixelRatio
    target.height = height * devicePixelRatio
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0)
    drawTimeline({
      context,
      width,
      height,
      colors,
      font: `11px ${getComputedStyle(target).fontFamily}`,
      view,
      scale: new TimeScale(edges(window, view.now), width),
      selection,
      operationName: (index) => facts.operationName(index),
      wall,
    })
    // Names of operations come later than the first picture.
    void operations
  }, [view, window, selection, width, height, colors, wall, facts, operations])

  useWheel(canvas, (event, x) => {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault()
      props.onWindow(zoom(window, Math.exp(event.deltaY * wheelZoom), scale.share(x), view.now))
    } else if (event.deltaX !== 0 || event.shiftKey) {
      event.preventDefault()
      props.onWindow(pan(window, (event.deltaX || event.deltaY) / width, view.now))
    }
  })

  function move(x: number, y: number): void {
    const held = drag.current
    if (held === null) return props.onHover(hitTest(view, scale, x, y))
    held.moved ||= Math.abs(x - held.startX) > clickSlack
    if (!held.moved) return
    if (held.panning) return props.onWindow(pan(held.window, (held.startX - x) / width, view.now))
    const at = scale.at(x)
    props.onSelection({ from: Math.min(held.startAt, at), to: Math.max(held.startAt, at) })
  }

  function release(x: number, y: number): void {
    const held = drag.current
    drag.current = null
    if (held === null || held.moved) return
    const hit = hitTest(view, scale, x, y)
    if (hit?.kind === 'run') props.onOpen(hit)
    else props.onSelection(null)
  }

  return (
    <canvas
      ref={canvas}
      className={styles.canvas}
      style={{ height }}
      onPointerDown={({ nativeEvent: event, currentTarget }) => {
        if (event.button > 1) return
        currentTarget.setPointerCapture(event.pointerId)
        const panning = event.shiftKey || event.button === 1
        drag.current = { startX: event.offsetX, startAt: scale.at(event.offsetX), window, panning, moved: false }
      }}
      onPointerMove={({ nativeEvent }) => move(nativeEvent.offsetX, nativeEvent.offsetY)}
      onPointerUp={({ nativeEvent }) => release(nativeEvent.offsetX, nativeEvent.offsetY)}
      onPointerLeave={() => props.onHover(null)}
    />
  )
}

/** Width of the canvas, and the colours of the theme as it is. */
function useSurface(canvas: React.RefObject<HTMLCanvasElement | null>, onWidth: (width: number) => void) {
  const [width, setWidth] = useState(0)
  const [colors, setColors] = useState<TimelineColors | null>(null)
  const report = useRef(onWidth)
  report.current = onWidth
  useEffect(() => {
    const box = canvas.current?.parentElement
    if (box == null) return
    const read = () => setColors(readColors(box, timelineColors))
    read()
    const resizing = new ResizeObserver(([entry]) => {
      const next = Math.floor(entry?.contentRect.width ?? 0)
      setWidth(next)
      report.current(next)
    })
    resizing.observe(box)
    const undo = onThemeChange(read)
    return () => {
      resizing.disconnect()
      undo()
    }
  }, [canvas])
  return { width, colors }
}

/** React listens to wheels passively, and then the page would scroll along. */
function useWheel(canvas: React.RefObject<HTMLCanvasElement | null>, onWheel: (event: WheelEvent, x: number) => void) {
  const newest = useRef(onWheel)
  newest.current = onWheel
  useEffect(() => {
    const target = canvas.current
    if (target === null) return
    const listener = (event: WheelEvent) => newest.current(event, event.offsetX)
    target.addEventListener('wheel', listener, { passive: false })
    return () => target.removeEventListener('wheel', listener)
  }, [canvas])
}
