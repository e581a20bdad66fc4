import type { ELK, ElkNode } from 'elkjs/lib/elk-api.js'
import ElkApi from 'elkjs/lib/elk-api.js'
import elkWorkerUrl from 'elkjs/lib/elk-worker.min.js?url'
import { type GraphLayout, type GraphShape, gaps, nodeSize } from './graph-shape.ts'

let engine: ELK | null = null

/** Starts elk's worker and lets it load. */
export function startElk(): ELK {
  engine ??= new ElkApi({ workerFactory: () => new Worker(elkWorkerUrl) })
  return engine
}

/** Lays out with elk's layered algorithm, in elk's own worker: a file of the application, as the content security policy asks. */
export async function elkLayout({ nodeCount, ends }: GraphShape): Promise<GraphLayout> {
  const graph: ElkNode = {
    id: 'graph',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'RIGHT',
      'elk.layered.spacing.nodeNodeBetweenLayers': String(gaps.layer),
      'elk.spacing.nodeNode': String(gaps.row),
      'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
    },
    children: Array.from({ length: nodeCount }, (_, node) => ({ id: String(node), ...nodeSize })),
    edges: Array.from({ length: ends.length / 2 }, (_, edge) => ({
      id: `e${edge}`,
      sources: [String(ends[edge * 2])],
      targets: [String(ends[edge * 2 + 1])],
    })),
  }
  const laid = await startElk().layout(graph)
  const places = new Float32Array(nodeCount * 2)
  for (const { id, x, y } of laid.children ?? []) {
    places[Number(id) * 2] = x ?? 0
    places[Number(id) * 2 + 1] = y ?? 0
  }
  return { places, lanes: new Map(), width: laid.width ?? 0, height: laid.height ?? 0 }
}
