import type { GraphShape } from './graph-shape.ts'
import { layeredLayout } from './layered-layout.ts'

/** Lays out large graphs beside the page's own thread. */
self.onmessage = ({ data }: MessageEvent<GraphShape>) => {
  const layout = layeredLayout(data)
  self.postMessage({ hash: data.hash, layout }, { transfer: [layout.places.buffer] })
}
