import { useEffect, useMemo, useRef, useState } from 'react'
import { elkLayout, startElk } from './elk-layout.ts'
import type { GraphLayout, GraphShape } from './graph-shape.ts'
import { layeredLayout } from './layered-layout.ts'

/** Up to so many nodes and edges elk takes less than about a fifth of a second. */
const elkMost = 250
/** A folding of up to so many boxes is laid out within a few milliseconds, so it need not wait for another thread. */
const atOnceMost = 1000
/** Layouts kept; the oldest goes first. */
const keptLayouts = 12

const layouts = new Map<string, Promise<GraphLayout>>()
let worker: Worker | null = null
const waiting = new Map<string, (layout: GraphLayout) => void>()

/** The layout of a graph; null until it is there. Kept by the graph's hash, so that a graph seen before opens at once. */
export function useGraphLayout(shape: GraphShape): GraphLayout | null {
  const { hash, folded, nodeCount } = shape
  const newest = useRef(shape)
  newest.current = shape
  const atOnce = folded && nodeCount <= atOnceMost
  // biome-ignore lint/correctness/useExhaustiveDependencies: the hash stands for the shape
  const instant = useMemo(() => (atOnce ? layeredLayout(newest.current) : null), [atOnce, hash])
  const [found, setFound] = useState<{ hash: string; layout: GraphLayout } | null>(null)
  useEffect(() => {
    if (atOnce) return
    let wanted = true
    void layoutOf(newest.current).then((layout) => {
      if (wanted) setFound({ hash, layout })
    })
    return () => {
      wanted = false
    }
  }, [atOnce, hash])
  return instant ?? (found !== null && found.hash === hash ? found.layout : null)
}

/** Elk is large, and loading it would hold up a run that is opened at once. */
const startElkAfterMs = 1500

/** Starts the threads that lay out, so that the first graph need not wait for them. Returns what calls off what has not begun. */
export function startLayouts(): () => void {
  worker ??= startWorker()
  const timer = setTimeout(startElk, startElkAfterMs)
  return () => clearTimeout(timer)
}

/** Lays a large graph out as a whole while it is seen folded, so that it is there when somebody unfolds it. */
export function useLayoutAhead(shape: GraphShape): void {
  // Asked for before the page renders, not behind it: a thread of its own works meanwhile, and the same graph is asked for once.
  useMemo(() => {
    if (isLarge(shape)) void layoutOf(shape)
  }, [shape])
}

function isLarge({ nodeCount, ends }: GraphShape): boolean {
  return nodeCount + ends.length / 2 > elkMost
}

export function layoutOf(shape: GraphShape): Promise<GraphLayout> {
  const known = layouts.get(shape.hash)
  if (known !== undefined) return known
  // Where elk has no answer, ours is better than none.
  const layout = isLarge(shape) ? layeredInWorker(shape) : elkLayout(shape).catch(() => layeredLayout(shape))
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
