import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toErrorData } from '../../../../shared/errors.ts'
import { EvidenceFile } from '../evidence/evidence-file.ts'
import { EvidenceReader } from '../evidence/evidence-reader.ts'
import type { EvidenceRecord } from '../evidence/evidence-record.ts'
import { EvidenceWriter } from '../evidence/evidence-writer.ts'
import { loadGraph } from '../graph/load-graph.ts'
import { type GraphCall, walkGraph } from '../graph/walk-graph.ts'
import { stillClock } from '../ports.fixture.ts'
import { temporaryFolder } from '../workspace.fixture.ts'
import { forge, recordsOf, tamper } from './replay.fixture.ts'
import { replayGraph } from './replay-graph.ts'

const loaded = loadGraph(
  `workflow: text.words
nodes:
  list: { operation: list, inputs: [$.payload.folder], then: [count, slow, bad] }
  count: { operation: count, each: $.results.list, inputs: [$.item], then: report }
  slow: { operation: slow, inputs: [{ of: $.results.list }], then: report }
  bad: { operation: fail, next: { failure: mend } }
  mend: { operation: count, inputs: [$.errors.bad.message], then: report }
  report: { operation: report, inputs: [$.results.count, $.results.slow, $.results.mend], join: all }
`,
  null,
)
if (loaded.graph === null) throw new Error(JSON.stringify(loaded.problems))
const { graph, hash } = loaded

/** Operations that answer after one another in an order that is none of the graph's. */
async function call({ operation, item, arguments: values, signal }: GraphCall) {
  const turns = { list: 0, count: 3 - item, slow: 9, fail: 1, report: 0 }[operation] ?? 0
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  const failed = (error: unknown) => ({ value: null, error: toErrorData(error, 'killed'), ran: null })
  if (signal.aborted) return failed(signal.reason)
  if (operation === 'fail') return failed(new Error('no such disk'))
  const value = { list: ['a', 'bb', 'c'], count: String(values[0]).length, slow: 1.5, report: values }[operation]
  return { value, error: null, ran: null }
}

async function record(folder: string, stopAfter = Number.POSITIVE_INFINITY): Promise<string> {
  const path = join(folder, 'run.evidence.ndjson')
  using evidence = new EvidenceFile(path)
  const stop = new AbortController()
  let answered = 0
  const ports = {
    clock: stillClock(),
    evidence: new EvidenceWriter(evidence),
    trace: { write: () => undefined },
    call: async (asked: GraphCall) => {
      const answer = await call(asked)
      answered += 1
      if (answered === stopAfter) stop.abort(new Error('a person stopped it'))
      return answer
    },
  }
  const settings = { traceId: 't', hash, files: {}, token: null, signal: stop.signal }
  await walkGraph(graph, { folder: 'x' }, ports, settings).catch(() => undefined)
  evidence.commit()
  return path
}

async function replayed(path: string) {
  using reader = new EvidenceReader(path)
  return await replayGraph(reader, graph)
}

describe('a replay of a run of an own graph', () => {
  it('is the same run again, with no operation run', async () => {
    using folder = temporaryFolder()
    const path = await record(folder.path)
    expect(recordsOf(path).at(-1)).toMatchObject({ status: 'SUCCESS', steps: 8 })
    expect(await replayed(path)).toMatchObject({ difference: null, changedFiles: [] })
  })

  it.each([1, 2, 3, 4, 5, 6, 7])('is the same also for one that was stopped after %i answers', async (stopAfter) => {
    using folder = temporaryFolder()
    const path = await record(folder.path, stopAfter)
    expect(recordsOf(path).at(-1)).toMatchObject({ ending: 'stopped', error: 'a person stopped it' })
    expect(await replayed(path)).toMatchObject({ difference: null })
  })

  it('names the very record of which a value was changed, also with all links made to fit', async () => {
    using folder = temporaryFolder()
    const path = await record(folder.path)
    for (const [line, each] of recordsOf(path).entries()) {
      for (const change of changesOf(each)) {
        const { difference } = await replayed(forge(path, line, (found) => ({ ...found, ...change }) as EvidenceRecord))
        expect(difference, `${each.kind} ${JSON.stringify(change)}`).toMatchObject({ line })
      }
      const { difference } = await replayed(tamper(path, line, (text) => text.replace(/"at":\d+/, '"at":77')))
      expect(difference, each.kind).toMatchObject({ line })
    }
  })

  it('says when the graph is another one now', async () => {
    using folder = temporaryFolder()
    const path = await record(folder.path)
    using reader = new EvidenceReader(path)
    const [first, ...others] = graph.nodes
    if (first === undefined) throw new Error('the graph has nodes')
    const other = { ...graph, nodes: [{ ...first, inputs: ['$.payload.file'] }, ...others] }
    expect(await replayGraph(reader, other)).toMatchObject({
      changedFiles: ['the graph of text.words'],
      difference: { line: 1, field: 'inputs.1', left: 'x', right: null },
    })
  })
})

/** One change for every kind of value that a record holds. */
function changesOf(record: EvidenceRecord): object[] {
  const other = new Map([['1', 'another']])
  switch (record.kind) {
    case 'run':
      return [{ payload: new Map([['folder', 'y']]) }, { workflow: 'other' }]
    case 'enter':
      return [{ inputs: other }, { node: { ...record.node, id: 'other' } }]
    case 'step':
      return [{ inputs: other }, { answer: 'another' }, { output: other }, { outcome: 'OTHER' }, { failure: 'other' }]
    case 'leave':
      return [{ status: 'other' }, { output: other }, { to: ['other'] }]
    case 'end':
      return [{ status: 'other' }, { output: other }, { visits: 99 }, { error: 'other' }]
  }
}
