import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { canonicalHash } from '../../src/main/engine/json/canonical-hash.ts'
import { parseJson } from '../../src/main/engine/json/parse.ts'
import { evidencePathFor } from '../../src/main/engine/workflow/evidence/evidence-file.ts'
import { tracePathIn } from '../../src/main/engine/workflow-lead/lead-request.ts'
import type { WorkflowRunRow } from '../../src/shared/contract/workflows.ts'
import type { GraphEdge, GraphNode, SealedGraph } from '../../src/shared/model/workflow-graph.ts'
import { Random } from './random.ts'

/** Runs of invented workflows, in the files that a host would have written. */

const day = Date.UTC(2026, 0, 5, 9)

export const largeRun = 'large'
export const longTrace = 'long-trace'

export function inventRuns(folder: string): void {
  writeGraphRun(folder, 'first', layered('nightly.report', [1, 3, 2, 1]), day, null)
  writeGraphRun(folder, 'second', layered('nightly.report', [1, 3, 2, 1]), day + 90_000, 4)
  writeGraphRun(folder, largeRun, layered('survey.tiles', [1, ...new Array<number>(99).fill(101)]), day + 180_000, null)
}

/** Layers of nodes, each led to from up to three of the layer before. */
export function layered(name: string, sizes: readonly number[]): SealedGraph {
  const nodes: GraphNode[] = []
  const edges: GraphEdge[] = []
  let before: number[] = []
  for (const [layer, size] of sizes.entries()) {
    const these = Array.from({ length: size }, (_, at) => {
      nodes.push(nodeNamed(layer === 0 ? 'collect' : `${stages[layer % stages.length]}-${layer}-${at}`, layer))
      return nodes.length - 1
    })
    these.forEach((to, at) => {
      const middle = Math.floor((at * before.length) / size)
      const near = new Set([-1, 0, 1].map((offset) => Math.min(before.length - 1, Math.max(0, middle + offset))))
      for (const index of before.length === 0 ? [] : near)
        edges.push({ from: before[index] ?? 0, to, outcome: 'success' })
    })
    before = these
  }
  const graph = { format: 'guardhouse-graph/1', name, description: null, payload: null, nodes, edges } as const
  return { ...graph, starts: [0], result: null, timeout: null }
}

const stages = ['collect', 'clean', 'measure', 'merge', 'render']

function nodeNamed(id: string, layer: number): GraphNode {
  const operation = `sample.${stages[layer % stages.length]}`
  return { id, operation, description: null, inputs: [], each: null, outcome: null, join: 'any', timeout: null }
}

/** `failing`: the position of the node that fails; null for none. */
function writeGraphRun(
  folder: string,
  id: string,
  graph: SealedGraph,
  startedAt: number,
  failing: number | null,
): void {
  const home = join(folder, id)
  mkdirSync(home, { recursive: true })
  writeFileSync(join(home, 'graph.json'), JSON.stringify(graph))
  const hash = canonicalHash(parseJson(JSON.stringify(graph)))
  const { lines, span, left } = eventsOf(graph, id, hash, startedAt, failing)
  writeFileSync(evidencePathFor(tracePathIn(home)), `${lines.join('\n')}\n`)
  const failed = failing !== null
  const row: WorkflowRunRow = {
    ...{ id, workflow: graph.name, kind: 'graph', state: failed ? 'failed' : 'completed' },
    ...{ status: failed ? null : 'SUCCESS', startedAt, duration: span / 1000, left, nodes: graph.nodes.length },
    ...{ token: null, hash, error: failed ? { kind: 'operation-failed', message: 'the disk is full' } : null },
  }
  writeFileSync(join(home, 'run.json'), JSON.stringify(row))
}

function eventsOf(graph: SealedGraph, traceId: string, hash: string, startedAt: number, failing: number | null) {
  const random = new Random(7)
  const lines: string[] = []
  const add = (record: object) => lines.push(JSON.stringify({ ...record, chain: '0'.repeat(64) }))
  const source = { type: 'graph', hash, files: {}, dialect: null, capabilities: null }
  const head = { kind: 'run', version: 1, traceId, workflow: graph.name, domain: 'workspace', source }
  add({ ...head, payload: { folder: 'texts', limit: 40 }, wall: startedAt * 1000, at: 0 })
  const ends = new Map<number, number>()
  const coreFree = new Map<number, number>()
  let span = 0
  let left = 0
  const edgesInto = Map.groupBy(graph.edges, ({ to }) => to)
  const edgesFrom = Map.groupBy(graph.edges, ({ from }) => from)
  for (const [visit, node] of graph.nodes.entries()) {
    const into = (edgesInto.get(visit) ?? []).map(({ from }) => from)
    const ready = Math.max(0, ...into.map((from) => ends.get(from) ?? 0))
    const core = 1 + (visit % 8)
    const start = Math.max(ready, coreFree.get(core) ?? 0) + 20_000
    const end = start + 200_000 + random.below(3_000_000)
    ends.set(visit, end)
    coreFree.set(core, end)
    span = Math.max(span, end)
    add({
      ...{ kind: 'enter', visit, after: into },
      node: nodeName(node, visit),
      inputs: { 1: { part: visit } },
      at: ready,
    })
    const broken = visit === failing
    const answer = broken ? { kind: 'operation-failed', message: 'the disk is full' } : { lines: 12 * visit, ok: true }
    const ran = { token: `${node.operation}-${visit}`, core, worker: 0, started: start, ended: end }
    const step = {
      kind: 'step',
      visit,
      step: 0,
      id: node.id,
      name: node.operation,
      operation: node.operation,
      inputs: { 1: { part: visit } },
    }
    add({
      ...step,
      outcome: broken ? 'FAILURE' : 'SUCCESS',
      answer,
      output: {},
      failure: broken ? 'the disk is full' : null,
      at: end,
      ran,
    })
    const to = broken ? [] : (edgesFrom.get(visit) ?? []).map((edge) => graph.nodes[edge.to]?.id)
    add({ kind: 'leave', visit, status: broken ? 'FAILURE' : 'SUCCESS', output: { value: answer }, to, at: end })
    left += 1
    if (broken) break
  }
  const status = failing === null ? 'SUCCESS' : null
  add({
    kind: 'end',
    status,
    output: { value: { pages: left } },
    error: failing === null ? null : 'the disk is full',
    at: span,
  })
  return { lines, span, left }
}

function nodeName(node: GraphNode, position: number): object {
  return { type: 'contract', id: node.id, name: node.operation, address: position }
}

/** A compatible trace of `events` events, in a file. */
export function writeLongTrace(path: string, events: number): void {
  const file = openSync(path, 'w')
  const contracts = 40
  const perVisit = 20
  let at = 0
  let waiting = ''
  const add = (type: string, contract: number | null, status: string | null, detail: object) => {
    at += 700
    const head = { trace_schema_version: 'v0', trace_id: longTrace, event_type: type, domain: 'bench', wf_addr: 1 }
    const place = { cc_addr: contract, step_addr: null, step_op: null, result_status: status }
    waiting += `${JSON.stringify({ ...head, ...place, detail, ts_ns: at })}\n`
    if (waiting.length < 1 << 20) return
    writeSync(file, waiting)
    waiting = ''
  }
  add('WF_START', null, null, { wf_fqdn: 'bench::WF_LONG_V0', payload_keys: [] })
  for (let written = 2; written < events; written += perVisit) {
    const contract = Math.floor(written / perVisit) % contracts
    const name = `bench::CC_STAGE_${String(contract).padStart(2, '0')}_V0`
    add('CC_START', contract, null, { cc_fqdn: name, inputs: { part: written } })
    for (let step = 2; step < perVisit; step++)
      add('CC_STEP', contract, null, { step_fqdn: `bench::CT_STEP_${step}_V0`, result_keys: ['value'] })
    add('CC_COMPLETE', contract, 'SUCCESS', { cc_fqdn: name, output_keys: ['value'] })
  }
  add('WF_COMPLETE', null, 'SUCCESS', { wf_fqdn: 'bench::WF_LONG_V0' })
  writeSync(file, waiting)
  closeSync(file)
}
