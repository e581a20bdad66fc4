import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readOldEvents, readTraceLines } from '../examine/trace-events.ts'
import { describeWithReference, referenceFolder } from '../reference.fixture.ts'
import { layoutGraph, nodeHeight } from './graph-layout.ts'
import { oldSummary } from './old-summary.ts'
import { rasterise } from './rasterise.ts'
import { runPicture } from './run-picture.ts'
import { summaryMarkdown } from './summary.ts'
import type { WorkflowGraph } from './workflow-graph.ts'

const graph: WorkflowGraph = {
  nodes: [
    { id: 'IN', kind: 'intent', name: 'made::IN_V0' },
    { id: 'A', kind: 'contract', name: 'made::CC_A_V0' },
    { id: 'B<&>', kind: 'contract', name: 'made::CC_B_V0' },
    { id: 'EXIT', kind: 'exit', name: '' },
  ],
  edges: [
    { from: 'IN', to: 'A', status: 'ACK' },
    { from: 'A', to: 'B<&>', status: 'SUCCESS' },
    { from: 'A', to: 'EXIT', status: 'VIOLATION' },
    { from: 'B<&>', to: 'A', status: 'NOT_FOUND' },
    { from: 'B<&>', to: 'EXIT', status: 'SUCCESS' },
  ],
}
const walked = { nodes: new Set(['IN', 'A']), edges: new Set(['IN ACK']) }

describe('the picture of a run', () => {
  it('places every node once, behind all that lead to it, also where a way leads back', () => {
    const places = layoutGraph(graph)
    const columns = ['IN', 'A', 'B<&>', 'EXIT'].map((id) => places.get(id)?.x ?? -1)
    expect(columns).toEqual([...columns].sort((left, right) => left - right))
    expect(new Set(columns).size).toBe(4)
  })

  it('lets no two nodes lie over each other', () => {
    const wide: WorkflowGraph = {
      nodes: Array.from({ length: 30 }, (_, at) => ({ id: `N${at}`, kind: 'contract', name: 'x' })),
      edges: Array.from({ length: 29 }, (_, at) => ({ from: 'N0', to: `N${at + 1}`, status: 'SUCCESS' })),
    }
    const ys = [...layoutGraph(wide).values()]
      .filter(({ x }) => x > 0)
      .map(({ y }) => y)
      .sort((a, b) => a - b)
    expect(ys.slice(1).every((y, index) => y - (ys[index] ?? 0) >= nodeHeight)).toBe(true)
  })

  it('is an SVG that shows what was walked, and escapes what it writes', () => {
    const svg = runPicture('made::WF_V0', graph, walked)
    expect(svg.match(/#ffcccc/g)).toHaveLength(2)
    expect(svg.match(/stroke-width="3"/g)).toHaveLength(1)
    expect(svg).toContain('B&lt;&amp;&gt;')
  })

  it('becomes a PNG with or without a font, of which the letters are seen', () => {
    const inked = (svg: string): number => rasterise(svg).length
    const blocks = runPicture('made::WF_V0', graph, walked, 'blocks')
    expect(blocks).not.toContain('<text')
    expect([...rasterise(blocks).subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47])
    expect(inked(blocks)).toBeGreaterThan(inked(blocks.replaceAll(/<path transform[^>]*>/g, '')))
  })
})

describeWithReference('the summaries that the older engine wrote', () => {
  const golden = join(referenceFolder, 'golden')
  const traces = readdirSync(golden, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /^o.*\/step-\d+\.jsonl$/.test(path),
  )

  it.each(traces)('come out alike: %s', (trace) => {
    const path = join(golden, trace)
    const events = readOldEvents(readTraceLines(readFileSync(path, 'utf8'), path), path)
    expect(summaryMarkdown(oldSummary(events))).toBe(readFileSync(path.replace('.jsonl', '.md'), 'utf8'))
  })
})
