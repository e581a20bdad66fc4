import { useEffect, useRef } from 'react'
import { useHost } from '../client/host-context.tsx'
import type { TelemetryHistory } from '../client/telemetry-history.ts'
import styles from './live-canvas.module.css'
import { onThemeChange, type Palette, readPalette } from './palette.ts'

/** Where to draw, in CSS pixels. The context is already scaled to the screen's, and empty. */
export interface Drawing {
  readonly context: CanvasRenderingContext2D
  readonly width: number
  readonly height: number
  readonly palette: Palette
  readonly history: TelemetryHistory
}

export interface LiveCanvasProps {
  readonly draw: (drawing: Drawing) => void
  /** Shortest time between two drawings, milliseconds. */
  readonly everyMs?: number
  readonly height: number | '100%'
}

/**
 * A canvas drawn from the telemetry, outside of React. It is hidden from screen readers: whoever uses it says the same in
 * words or in a table beside it.
 */
export function LiveCanvas({ draw, everyMs = 250, height }: LiveCanvasProps) {
  const { telemetry } = useHost()
  const frame = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const newest = useRef(draw)
  const redraw = useRef<() => void>(undefined)

  useEffect(() => {
    newest.current = draw
    redraw.current?.()
  }, [draw])

  useEffect(() => {
    const box = frame.current
    const target = canvas.current
    const context = target?.getContext('2d') ?? null
    if (box === null || target === null || context === null) return
    let palette = readPalette(box)
    let size = { width: 0, height: 0 }
    let onScreen = true
    function paint() {
      if (context === null || !onScreen || size.width === 0 || size.height === 0) return
      const ratio = devicePixelRatio
      context.setTransform(ratio, 0, 0, ratio, 0, 0)
      context.clearRect(0, 0, size.width, size.height)
      newest.current({ context, ...size, palette, history: telemetry.history })
    }
    redraw.current = paint
    const resizing = new ResizeObserver(([entry]) => {
      if (entry === undefined) return
      size = { width: Math.floor(entry.contentRect.width), height: Math.floor(entry.contentRect.height) }
      target.width = size.width * devicePixelRatio
      target.height = size.height * devicePixelRatio
      paint()
    })
    resizing.observe(box)
    const scrolling = new IntersectionObserver(([entry]) => {
      onScreen = entry?.isIntersecting ?? true
      paint()
    })
    scrolling.observe(box)
    const undo = [
      telemetry.subscribe(paint, everyMs),
      onThemeChange(() => {
        palette = readPalette(box)
        paint()
      }),
    ]
    return () => {
      resizing.disconnect()
      scrolling.disconnect()
      for (const stop of undo) stop()
      redraw.current = undefined
    }
  }, [telemetry, everyMs])

  return (
    <div ref={frame} className={styles.frame} style={{ height }} aria-hidden="true">
      <canvas ref={canvas} className={styles.canvas} />
    </div>
  )
}
