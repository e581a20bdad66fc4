import { cpSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { asArray, asText, describeWithReference, readReferenceTable, referenceFolder } from '../reference.fixture.ts'
import { temporaryFolder } from '../workspace.fixture.ts'
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
