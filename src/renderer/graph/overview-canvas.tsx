import { useEffect, useRef } from 'react'
import { onThemeChange, readColors } from '../charts/palette.ts'
import { drawOverview, type OverviewContent } from './draw-overview.ts'
import type { Size } from './graph-view.ts'
import styles from './run-graph.module.css'
import { stateColors } from './state-colors.ts'
import type { GraphViewport } from './use-graph-viewport.ts'

export interface OverviewCanvasProps extends OverviewContent {
  readonly size: Size
  readonly view: Pick<GraphViewport, 'painter' | 'viewport'>
}

/** The whole graph as one picture. Hidden from screen readers: the list of steps beside it says the same. */
export function OverviewCanvas({ layout, picture, cursor, size, view: { painter, viewport } }: OverviewCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const target = canvas.current
    const context = target?.getContext('2d') ?? null
    const box = target?.parentElement ?? null
    if (target === null || context === null || box === null) return
    target.width = size.width * devicePixelRatio
    target.height = size.height * devicePixelRatio
    let colors = readOverviewColors(box)
    const paint = () => {
      context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0)
      context.clearRect(0, 0, size.width, size.height)
      drawOverview(context, { layout, picture, cursor }, viewport.current, size, colors)
    }
    // However often it moves within a frame, it is drawn once.
    let next: number | null = null
    const paintSoon = () => {
      next ??= requestAnimationFrame(() => {
        next = null
        paint()
      })
    }
    painter.current = paintSoon
    paint()
    const unwatch = onThemeChange(() => {
      colors = readOverviewColors(box)
      paint()
    })
    return () => {
      if (next !== null) cancelAnimationFrame(next)
      unwatch()
      painter.current = null
    }
  }, [layout, picture, cursor, size, painter, viewport])
  return (
    <div className={styles.overview} aria-hidden="true">
      <canvas ref={canvas} />
    </div>
  )
}

function readOverviewColors(element: HTMLElement) {
  const edges = readColors(element, {
    edge: '--hairline-strong',
    taken: '--text-faint',
    critical: '--accent',
    selected: '--focus-ring',
    marked: '--tone-warn',
    text: '--text-muted',
  })
  const states = readColors(element, Object.fromEntries(stateColors.map((name, at) => [String(at), name])))
  return { ...edges, states: stateColors.map((_, at) => states[String(at)] ?? edges.edge) }
}
