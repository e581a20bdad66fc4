import { describe, expect, it } from 'vitest'
import { GuardhouseError, toErrorData } from '../../../../shared/errors.ts'
import type { EvidenceRecord } from '../evidence/evidence-record.ts'
import { fixedClock } from '../run/clocks.ts'
import { loadGraph } from './load-graph.ts'
import { type GraphCall, type GraphPorts, walkGraph } from './walk-graph.ts'

type Operation = (...values: never[]) => unknown

function graphOf(text: string) {
  const loaded = loadGraph(text, null)
  if (loaded.graph === null) throw new Error(JSON.stringify(loaded.problems))
  return { graph: loaded.graph, hash: loaded.hash }
}

class Bench {
  readonly records: EvidenceRecord[] = []
  readonly trace: string[] = []
  readonly calls: string[] = []
  readonly #operations: Readonly<Record<string, Operation>>

  constructor(operations: Readonly<Record<string, Operation>>) {
    this.#operations = operations
  }

  async walk(text: string, payload: unknown = {}, signal?: AbortSignal) {
    const { graph, hash } = graphOf(text)
    const ports: GraphPorts = {
      clock: fixedClock({ wallMicroseconds: 0, traceStartNanoseconds: 0n }),
      evidence: { write: (record) => void this.records.push(record) },
      trace: { write: (line) => void this.trace.push(line) },
      call: (call) => this.#call(call),
    }
    const names = { traceId: 't', hash, files: {}, token: null }
    return await walkGraph(graph, payload, ports, { ...names, ...(signal === undefined ? {} : { signal }) })
  }

  async #call({ operation, arguments: values }: GraphCall) {
    this.calls.push(operation)
    try {
      return { value: await this.#operations[operation]?.(...(values as never[])), error: null, ran: null }
    } catch (error) {
      return { value: null, error: toErrorData(error, 'operation-failed'), ran: null }
    }
  }
}

const diamond = `workflow: diamond
nodes:
  a: { operation: add, inputs: [$.payload.n, 1], then: [b, c] }
  b: { operation: add, inputs: [$.results.a, 10], then: d }
  c: { operation: add, inputs: [$.results.a, 100], then: d }
  d: { operation: add, inputs: [$.results.b, $.results.c] }
`

describe('a walk of a graph', () => {
  it('fans out, joins, and gives the outputs of the nodes where it ended', async () => {
    const bench = new Bench({ add: (a: number, b: number) => a + b })
    expect(await bench.walk(diamond, { n: 1 })).toEqual({ status: 'SUCCESS', result: { d: 114 } })
    expect(bench.records.map(({ kind }) => kind)[0]).toBe('run')
    const join = bench.records.find((record) => record.kind === 'enter' && record.node.id === 'd')
    expect(join).toMatchObject({ after: [1, 2] })
    expect(bench.records.at(-1)).toMatchObject({
      kind: 'end',
      status: 'SUCCESS',
      visits: 4,
      steps: 4,
      ending: 'declared',
    })
    expect(bench.trace.map((line) => JSON.parse(line).event_type).slice(0, 2)).toEqual(['WF_START', 'CC_START'])
  })

  it('takes the edge of a named outcome, and skips what no taken edge leads to', async () => {
    const text = `workflow: choice
nodes:
  look: { operation: look, outcome: $.result.kind, next: { empty: sorry, success: work } }
  work: { operation: work, then: join }
  sorry: { operation: sorry, then: join }
  join: { operation: done, inputs: [$.results.work, $.results.sorry] }
  both: { operation: done, join: all }
result: $.results.join
`
      .replace('then: join }\n  join', 'then: [join, both] }\n  join')
      .replace('work, then: join', 'work, then: [join, both]')
    const bench = new Bench({ look: () => ({ kind: 'empty' }), sorry: () => 'sorry', done: (...values) => values })
    expect(await bench.walk(text)).toEqual({ status: 'SUCCESS', result: [null, 'sorry'] })
    expect(bench.calls).toEqual(['look', 'sorry', 'done'])
  })

  it('goes on along an edge of failure, which can read the error', async () => {
    const text = `workflow: mend
nodes:
  risky: { operation: risky, next: { failure: mend } }
  mend: { operation: mend, inputs: [$.errors.risky.message] }
`
    const bench = new Bench({
      risky: () => {
        throw new GuardhouseError('operation-failed', 'no disk')
      },
      mend: (why: string) => `mended: ${why}`,
    })
    expect(await bench.walk(text)).toEqual({ status: 'SUCCESS', result: { mend: 'mended: no disk' } })
  })

  it('ends at a failure without an edge, starts nothing more and says where it was', async () => {
    const bench = new Bench({
      add: () => {
        throw new Error('broken')
      },
    })
    await expect(bench.walk(diamond, { n: 1 })).rejects.toThrow('node a (add) failed: broken')
    expect(bench.calls).toEqual(['add'])
    expect(bench.records.at(-1)).toMatchObject({ kind: 'end', status: null, ending: 'stopped' })
  })

  it('calls an operation once for each item, and keeps their order', async () => {
    const text = `workflow: each
nodes:
  twice: { operation: twice, each: $.payload.numbers, inputs: [$.item] }
`
    const bench = new Bench({ twice: async (n: number) => n * 2 })
    expect((await bench.walk(text, { numbers: [1, 2, 3] })).result).toEqual({ twice: [2, 4, 6] })
    const steps = bench.records.filter((record) => record.kind === 'step')
    expect(steps.map(({ id }) => id)).toEqual(['twice[0]', 'twice[1]', 'twice[2]'])
  })

  it('stops when it is told to', async () => {
    const stop = new AbortController()
    const bench = new Bench({ add: () => stop.abort(new GuardhouseError('killed', 'enough')) })
    await expect(bench.walk(diamond, { n: 1 }, stop.signal)).rejects.toThrow('enough')
    expect(bench.calls).toEqual(['add'])
  })

  it('refuses a payload that is not as declared, before anything runs', async () => {
    const text = diamond.replace('nodes:', 'payload:\n  n: { type: integer, required: true }\nnodes:')
    const bench = new Bench({})
    await expect(bench.walk(text, { n: 'x' })).rejects.toThrow(
      'payload field n of diamond must be of type integer, not "x"',
    )
    await expect(bench.walk(text, { m: 1 })).rejects.toThrow('has no field "m"')
    expect(bench.records).toEqual([])
  })
})
