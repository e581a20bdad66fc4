import { cpSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { asArray, asText, describeWithReference, readReferenceTable, referenceFolder } from '../reference.fixture.ts'
import { temporaryFolder, writeText } from '../workspace.fixture.ts'
import { examineTrace } from './examine.ts'
import { TraceParseError } from './trace-events.ts'

function traceOf(...events: readonly object[]): string {
  const base = {
    trace_schema_version: 'v0',
    trace_id: 'T',
    domain: 'shop',
    wf_addr: 1,
    detail: { wf_fqdn: 'shop::WF_A_V0' },
  }
  return events.map((event) => `${JSON.stringify({ ...base, ...event })}\n`).join('')
}

describe('examining a trace of this engine', () => {
  const start = { event_type: 'WF_START' }
  const contract = (event_type: string, result_status?: string): object => ({
    event_type,
    result_status,
    detail: { cc_fqdn: 'shop::CC_A_V0' },
  })

  it('finds nothing in a run that went well', () => {
    const text = traceOf(start, contract('CC_START'), contract('CC_COMPLETE', 'ALREADY_EXISTS'), {
      event_type: 'WF_COMPLETE',
      result_status: 'SUCCESS',
    })
    const { structural, lines } = examineTrace(text, '/t.jsonl')
    expect(structural).toBe(false)
    expect(lines[0]).toBe('[trace-examiner] WF_A_V0 \u2014 T \u2014 no structural failures')
    expect(lines).toContain('  [FAILED] shop::CC_A_V0: ALREADY_EXISTS')
  })

  it('blames nobody for a rule of the business, and the system for a store that failed', () => {
    const endedWith = (status: string) =>
      examineTrace(
        traceOf(start, contract('CC_COMPLETE', status), { event_type: 'WF_COMPLETE', result_status: status }),
        '/t.jsonl',
      )
    expect(endedWith('VIOLATION').run.finding).toMatchObject({ failure: 'BUSINESS_VIOLATION', node: 'CC_A_V0' })
    expect(endedWith('VIOLATION').structural).toBe(false)
    expect(endedWith('BACKEND_ERROR').structural).toBe(true)
  })

  it('names the artifact to look at, wherever above the trace the workspace lies', () => {
    using folder = temporaryFolder()
    const artifact = join(folder.path, 'protocol_snapshot', 'artifacts', 'runtime_bindings', 'shop__WF_A_V0.json')
    writeText(artifact, '{}')
    const text = traceOf(start, contract('CC_COMPLETE', 'BACKEND_ERROR'), {
      ...{ event_type: 'WF_COMPLETE', result_status: 'BACKEND_ERROR' },
    })
    for (const below of ['traces/shop/WF_A_V0/T/T.jsonl', 'T.jsonl', 'a/b/c/d/e/f/T.jsonl']) {
      expect(examineTrace(text, join(folder.path, below)).artifact, below).toBe(artifact)
    }
  })

  it('names the contract in which a run was stopped', () => {
    const text = traceOf(start, contract('CC_START'), { event_type: 'ERROR', detail: { message: 'no space' } })
    const { structural, run, hint } = examineTrace(text, '/t.jsonl')
    expect([structural, run.finding?.node, run.finding?.reason]).toEqual([true, 'CC_A_V0', 'no space'])
    expect(hint).toBe('Side-effect execution failed at CC_A_V0: no space')
  })

  it.each([
    ['breaks off behind line 1', traceOf(start)],
    ['Invalid JSON at line 2', `${traceOf(start)}{"trace_sch`],
    ['is not a JSON object', '[]'],
    ['Empty trace file', '\n\n'],
    ["missing required field 'timestamp'", '{"event_type":"node_end"}'],
    [
      "payload missing required field 'status'",
      '{"event_type":"node_end","timestamp":"t","execution_id":"e","sequence":1,"payload":{"node_id":"n"}}',
    ],
  ])('says what keeps it from reading: %s', (problem, text) => {
    expect(() => examineTrace(text, '/t.jsonl')).toThrow(TraceParseError)
    expect(() => examineTrace(text, '/t.jsonl')).toThrow(problem)
  })
})

describe('examining an evidence', () => {
  const files = { type: 'snapshot', hash: 'h', files: {}, dialect: 'address', capabilities: '0.3.0' }
  const run = {
    ...{ kind: 'run', version: 1, traceId: 'T', workflow: 'shop::WF_A_V0', domain: 'shop', source: files },
    ...{ payload: {}, payloadHash: 'p', turnedAway: null, parent: null, token: null, wall: 1, at: 1 },
    settings: { hopLimit: null, timeLimitMilliseconds: null, enforced: false },
  }
  const node = { type: 'contract', id: 'CC_A_V0', name: 'shop::CC_A_V0', address: 1 }
  const enter = { kind: 'enter', visit: 0, node, after: [], inputs: {}, at: 2 }
  const step = {
    ...{ kind: 'step', visit: 0, step: 0, id: 's', name: 'shop::CT_A_V0', operation: null, inputs: {}, runs: [] },
    ...{ outcome: 'VIOLATION', answer: {}, output: {}, failure: 'no', clock: [], entropy: [], at: 3, ran: null },
  }
  const leave = { kind: 'leave', visit: 0, status: 'VIOLATION', output: {}, to: [], at: 4 }
  const end = {
    ...{ kind: 'end', status: 'VIOLATION', output: {}, error: null, ending: 'declared', visits: 1, steps: 1 },
    ...{ wall: 2, at: 5, trace: null },
  }
  const examined = (changedStep: object, changedEnd: object) => {
    const records = [run, enter, { ...step, ...changedStep }, leave, { ...end, ...changedEnd }]
    return examineTrace(records.map((record) => JSON.stringify(record)).join('\n'), '/t.evidence.ndjson')
  }

  it.each<[string, object, object, string | null, boolean]>([
    ['a rule that said no', {}, {}, 'BUSINESS_VIOLATION', false],
    ['a transform that nobody implements', { failure: "No module named 'x'" }, {}, 'CT_STRUCTURE_ERROR', true],
    ['an edge that was forgotten', {}, { ending: 'missing' }, 'GRAPH_STRUCTURE_ERROR', true],
    ['a store that failed', {}, { status: 'BACKEND_ERROR' }, 'CS_RUNTIME_ERROR', true],
    [
      'a side effect that threw',
      { operation: 'READ', answer: null },
      { status: null, error: 'no space', ending: 'failed' },
      'CS_RUNTIME_ERROR',
      true,
    ],
    ['tables that lead nowhere', {}, { status: null, error: 'stale', ending: 'failed' }, 'GRAPH_STRUCTURE_ERROR', true],
    ['a person who stopped it', {}, { status: null, error: 'cancelled', ending: 'stopped' }, null, false],
    ['success', {}, { status: 'SUCCESS' }, null, false],
  ])('tells %s', (_, changedStep, changedEnd, failure, structural) => {
    const found = examined(changedStep, changedEnd)
    expect([found.run.finding?.failure ?? null, found.structural]).toEqual([failure, structural])
  })

  it('names the artifact to look at, wherever above the evidence the workspace lies', () => {
    using folder = temporaryFolder()
    const artifact = join(folder.path, 'protocol_snapshot', 'artifacts', 'workflows', 'shop__WF_A_V0.json')
    writeText(artifact, '{}')
    const text = [run, enter, step, leave, { ...end, ending: 'missing' }].map((each) => JSON.stringify(each)).join('\n')
    for (const below of ['traces/shop/WF_A_V0/T/T.evidence.ndjson', 'T.evidence.ndjson']) {
      expect(examineTrace(text, join(folder.path, below)).artifact, below).toBe(artifact)
    }
  })

  it('names what is cut off or no record', () => {
    const text = [run, enter].map((record) => JSON.stringify(record)).join('\n')
    expect(() => examineTrace(text, '/t.evidence.ndjson')).toThrow('breaks off behind line 2 of /t.evidence.ndjson')
    expect(() => examineTrace(`${text}\n{"kind":"step"}`, '/t.evidence.ndjson')).toThrow('Line 3 in /t.evidence.ndjson')
  })
})

describeWithReference('the examinations of the reference', () => {
  const { cases } = readReferenceTable('golden', 'examine.json')

  it.each(cases.map((each) => [asText(each.get('id')), each] as const))('agree on %s', (_, recorded) => {
    using folder = temporaryFolder()
    const artifacts = join('protocol_snapshot', 'artifacts')
    cpSync(join(referenceFolder, 'snapshot', 'v0.3.0', artifacts), join(folder.path, artifacts), { recursive: true })
    const placed = (text: string): string => text.replaceAll('<WORKSPACE>', folder.path)
    const path = placed(asText(recorded.get('trace_path')))
    const examine = () => examineTrace(asText(recorded.get('trace_text')), path)
    const [problem] = asArray(recorded.get('stderr')).map(asText)
    if (problem !== undefined) {
      expect(examine).toThrow(placed(problem).replace('[pgs_runtime] Error: Trace parse error: ', ''))
      return
    }
    expect(examine().lines).toEqual(asArray(recorded.get('stdout')).map((line) => placed(asText(line))))
    expect(examine().structural ? 1 : 0).toBe(recorded.get('exit_code'))
  })

  it('read every recorded trace of the engine', () => {
    const golden = join(referenceFolder, 'golden')
    const traces = readdirSync(golden, { recursive: true, encoding: 'utf8' }).filter((path) =>
      /step-\d+(\/trace)?\.jsonl$/.test(path),
    )
    for (const trace of traces) {
      const path = join(golden, trace)
      expect(statSync(path).isFile()).toBe(true)
      expect(examineTrace(readFileSync(path, 'utf8'), path).lines.length, trace).toBeGreaterThan(0)
    }
    expect(traces.length).toBeGreaterThan(40)
  })
})
