import { useEffect, useState } from 'react'
import { elkLayout } from './elk-layout.ts'
import type { GraphLayout, GraphShape } from './graph-shape.ts'

/** Up to so many nodes and edges elk takes less than about a second. */
const elkMost = 600
/** Layouts kept; the oldest goes first. */
const keptLayouts = 12

const layouts = new Map<string, Promise<GraphLayout>>()
let worker: Worker | null = null
const waiting = new Map<string, (layout: GraphLayout) => void>()

/** The layout of a graph; null until it is there. Kept by the graph's hash, so that a graph seen before opens at once. */
export function useGraphLayout(shape: GraphShape | null): GraphLayout | null {
  const [found, setFound] = useState<{ hash: string; layout: GraphLayout } | null>(null)
  const hash = shape?.hash ?? null
  useEffect(() => {
    if (shape === null) return
    let wanted = true
    void layoutOf(shape).then((layout) => {
      if (wanted) setFound({ hash: shape.hash, layout })
    })
    return () => {
      wanted = false
    }
  }, [shape])
  return found !== null && found.hash === hash ? found.layout : null
}

export function layoutOf(shape: GraphShape): Promise<GraphLayout> {
  const known = layouts.get(shape.hash)
  if (known !== undefined) return known
  const large = shape.nodeCount + shape.ends.length / 2 > elkMost
  const layout = large ? layeredInWorker(shape) : elkLayout(shape)
  layouts.set(shape.hash, layout)
  const [oldest] = layouts.keys()
  if (layouts.size > keptLayouts && oldest !== undefined) layouts.delete(oldest)
  return layout
}

function layeredInWorker(shape: GraphShape): Promise<GraphLayout> {
  worker ??= startWorker()
  return new Promise((resolve) => {
    waiting.set(shape.hash, resolve)
    worker?.postMessage(shape)
  })
}

function startWorker(): Worker {
  const started = new Worker(new URL('./layout-worker.ts', import.meta.url), { type: 'module' })
  started.onmessage = ({ data }: MessageEvent<{ hash: string; layout: GraphLayout }>) => {
    waiting.get(data.hash)?.(data.layout)
    waiting.delete(data.hash)
  }
  return started
}
