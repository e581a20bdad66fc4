import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { canonicalHash } from '../../json/canonical-hash.ts'
import { parseJson } from '../../json/parse.ts'
import { printCompact } from '../../json/print.ts'
import { type JsonValue, object } from '../../json/value.ts'
import { countedEntropy, stillClock } from '../ports.fixture.ts'
import { Redactor } from '../secrets/redactor.ts'
import { load } from '../snapshot/load.ts'
import { fileStores } from '../stores/file-stores.ts'
import { TraceFile } from '../trace/trace-file.ts'
import {
  conditionOf,
  type MadeUpTables,
  madeUpStatuses,
  oneAtom,
  sideEffect,
  type TemporaryFolder,
  temporaryFolder,
  writeSnapshot,
} from '../workspace.fixture.ts'
import { fixedClock, labelledEntropy, systemClock } from './clocks.ts'
import { payloadObject } from './payload.ts'
import { withDataRoot } from './policy.ts'
import type { Recording } from './recorded-walk.ts'
import { type RunPorts, type RunSettings, runWorkflow } from './run-workflow.ts'
import { findWorkflow } from './walk.ts'

const names = [
  'made::WF_A_V0',
  'made::IN_A_V0',
  'made::CC_ID_V0',
  'made::CT_ID_V0',
  'made::RB_A_V0',
  'made::WF_OUTER_V0',
  'made::CC_CALL_V0',
  'made::CS_CALL_V0',
]
const idStep = {
  addr: 3,
  op: null,
  step_id: 's',
  inputs: { prefix: 'P', data: '$.inputs.v' },
  outputs: { id: '$.id' },
  on_result: null,
}
const handlers = { ct: { 3: oneAtom('ct_pure_generate_id_v0', ['prefix', 'data'], 'id') } }
const chain: MadeUpTables = {
  names,
  handlers,
  dispatch: {
    entry: { 0: { start: 1, rb: 4 } },
    routing: { 0: { 1: { [conditionOf('ACK')]: 2 } } },
    bindings: { 0: { 2: { v: '$.payload.v' } } },
    pipeline: { 2: [idStep] },
  },
}
const cycle: MadeUpTables = {
  ...chain,
  dispatch: {
    ...(chain.dispatch as object),
    routing: { 0: { 1: { [conditionOf('ACK')]: 2 }, 2: { [conditionOf('SUCCESS')]: 2 } } },
  },
}
/** One contract at two places with different bindings, and a workflow that runs the other one. */
const keyed: MadeUpTables = {
  names,
  handlers: {
    ...handlers,
    cs: { 7: sideEffect('CS_WORKFLOW_GATEWAY_V0', 'WorkflowGatewayRuntime', 'internal') },
  },
  dispatch: {
    entry: { 0: { start: 1, start_key: 'IN', rb: 4 }, 5: { start: 6, start_key: 'CALL', rb: 4 } },
    routing: {
      0: {
        1: { [conditionOf('ACK')]: { addr: 2, key: 'FIRST' } },
        2: { [conditionOf('SUCCESS')]: { addr: 2, key: 'SECOND' } },
      },
    },
    bindings: {
      0: { FIRST: { v: '$.payload.v' }, SECOND: { v: 'other' } },
      5: { CALL: { code: 0, inner: '$.payload' } },
    },
    pipeline: {
      2: [idStep],
      6: [
        {
          addr: 7,
          op: 'EXECUTE',
          step_id: 'c',
          inputs: { workflow_code: 'made::WF_A_V0', payload: { v: 1 } },
          outputs: { inner: '$.execution_result' },
          on_result: null,
        },
      ],
    },
  },
}

const firstPlaceOnly = { 0: { 1: { [conditionOf('ACK')]: { addr: 2, key: 'FIRST' } } } }

interface Recorded {
  readonly lines: string[]
  readonly nested: string[]
}

function portsFor(folder: TemporaryFolder, recorded: Recorded, overrides: Partial<RunPorts> = {}): RunPorts {
  return {
    clock: stillClock(),
    entropy: countedEntropy(),
    stores: fileStores(folder.path),
    mail: null,
    trace: { write: (line) => void recorded.lines.push(line) },
    openNestedTrace: (number, code) => ({
      write: (line) => void recorded.nested.push(`${number} ${code} ${JSON.parse(line).event_type}`),
      [Symbol.dispose]: () => undefined,
    }),
    ...overrides,
  }
}

/** Ends a run that would go on for ever. */
function untilVisits(count: number): () => void {
  let asked = 0
  return () => {
    asked += 1
    // Before each node and before its step.
    if (asked > count * 2) throw new Error(`${count} were enough`)
  }
}

async function run(
  tables: MadeUpTables,
  settings: Partial<RunSettings> = {},
  name = 'made::WF_A_V0',
  ports: Partial<RunPorts> = {},
) {
  using folder = temporaryFolder()
  writeSnapshot(folder.path, 'made', tables)
  const recorded: Recorded = { lines: [], nested: [] }
  const workflow = findWorkflow(load(folder.path).domain('made'), name)
  const ended = runWorkflow(workflow, object({ v: 1 }), portsFor(folder, recorded, ports), {
    traceId: 'T',
    ...settings,
  })
  try {
    const outcome = await ended
    return { ...recorded, status: outcome.status, surface: printCompact(outcome.surface), error: null }
  } catch (error) {
    return { ...recorded, status: null, surface: null, error: error instanceof Error ? error.message : String(error) }
  }
}

describe('walking a workflow', () => {
  it('writes one event per line, always with the same keys', async () => {
    const { lines, status, surface } = await run(chain)
    expect([status, surface]).toEqual(['SUCCESS', expect.stringMatching(/^\{"id":"P_[0-9a-f]{16}","v":1\}$/)])
    const keys = [
      'trace_schema_version',
      'trace_id',
      'event_type',
      'domain',
      'wf_addr',
      'cc_addr',
      'step_addr',
      'step_op',
      'result_status',
      'detail',
      'ts_ns',
    ]
    expect(lines.map((line) => Object.keys(JSON.parse(line)))).toEqual(Array(5).fill(keys))
    expect(lines.map((line) => JSON.parse(line).event_type)).toEqual([
      'WF_START',
      'CC_START',
      'CC_STEP',
      'CC_COMPLETE',
      'WF_COMPLETE',
    ])
  })

  it('leaves templates, nested outputs, named actions and default edges as they stand', async () => {
    const first = {
      ...idStep,
      inputs: { prefix: 'P', data: '{{timestamp}}' },
      outputs: { id: '$.id', nested: { id: '$.id' }, at: '{{timestamp}}', sum: '{{$.id + 1}}' },
      on_result: { SUCCESS: 'assemble' },
    }
    const statuses = [...madeUpStatuses, 'default']
    const { status, surface, lines } = await run({
      ...chain,
      statuses,
      dispatch: {
        ...(chain.dispatch as object),
        routing: { 0: { 1: { [conditionOf('ACK')]: 2 }, 2: { [conditionOf('default', statuses)]: 2 } } },
        pipeline: { 2: [first, { ...idStep, step_id: 't', outputs: { second: '$.id' } }] },
      },
    })
    expect(status).toBe('SUCCESS')
    expect(JSON.parse(surface ?? '')).toEqual({
      id: `P_${canonicalHash(object({ value: '{{timestamp}}' })).slice(0, 16)}`,
      ...{ nested: { id: '$.id' }, at: '{{timestamp}}', sum: '{{$.id + 1}}' },
      second: expect.stringMatching(/^P_/),
      v: 1,
    })
    expect(lines).toHaveLength(6)
  })

  it('ends a cycle at the limit of nodes, and has none by itself', async () => {
    const { error, lines } = await run(cycle, { hopLimit: 3 })
    expect(lines.filter((line) => line.includes('CC_COMPLETE'))).toHaveLength(2)
    const { error: interrupted } = await run(cycle, { interrupt: untilVisits(200) })
    expect(interrupted).toBe('200 were enough')
    expect(error).toBe("WF 'made::WF_A_V0' exceeded 3 topology hops \u2014 possible cycle in compiled routing")
    expect(lines.at(-1)).toContain('"event_type":"ERROR"')
  })

  it('can be cancelled, also when it never waits for anything', async () => {
    const cancel = new AbortController()
    const ended = run(cycle, { signal: cancel.signal }, undefined, { clock: fixedClock({}) })
    setImmediate(() => cancel.abort())
    const { error, lines } = await ended
    expect(error).toBe('the run was cancelled')
    expect(lines.at(-1)).toContain('"message":"the run was cancelled"')
  })

  it('stops when its time is over', async () => {
    const { error } = await run(cycle, { timeLimitMilliseconds: 20 }, undefined, { clock: systemClock })
    expect(error).toBe('the run took longer than 20 ms')
  })

  it('lets a gate turn a run away, or an entry say no', async () => {
    const gate = { admit: () => null, boundary: () => 'NACK' }
    expect(await run(chain, { gate })).toMatchObject({ status: 'NACK', surface: '{}' })
    const turnedAway = await run(chain, { gate: { ...gate, admit: () => 'ADMISSION_DENIED' } })
    expect(turnedAway.status).toBe('ADMISSION_DENIED')
    expect(turnedAway.lines).toHaveLength(2)
  })

  it('tells an observer every edge that was taken or missing, and why a transform failed', async () => {
    const seen: string[] = []
    const failing: MadeUpTables = { ...chain, handlers: { ct: { 3: oneAtom('ct_unknown_v0', ['prefix'], 'id') } } }
    const { status } = await run(failing, {
      observer: {
        nodeLeft: ({ node, contract, status: result, next }) =>
          void seen.push(`${contract?.name ?? 'boundary'} ${node.address} ${result} ${next?.address ?? 'end'}`),
        stepEnded: ({ failure, result }) =>
          void seen.push(`${failure instanceof Error ? failure.message : ''} ${printCompact(result)}`),
      },
    })
    expect(status).toBe('VIOLATION')
    expect(seen).toEqual([
      'boundary 1 ACK 2',
      expect.stringContaining("No module named 'pgs_transforms"),
      'made::CC_ID_V0 2 VIOLATION end',
    ])
  })

  it('binds by the place and not by the contract where the tables name places', async () => {
    const { lines } = await run(keyed, { hopLimit: 3 })
    const given = lines.filter((line) => line.includes('CC_START')).map((line) => JSON.parse(line).detail.inputs)
    expect(given).toEqual([{ v: 1 }, { v: 'other' }])
  })

  it('takes the "false" of a transform for an answer in the older dialect, and stops at it in the newer one', async () => {
    const step = { ...idStep, inputs: { value: 'b', allowed_set: ['a'] }, outputs: { member: '$.member' } }
    const inDialect = ({ dispatch }: MadeUpTables, routing: object) => ({
      names,
      handlers: { ct: { 3: oneAtom('ct_pure_validate_set_membership_v0', ['value', 'allowed_set'], 'member') } },
      dispatch: { ...(dispatch as object), ...routing, pipeline: { 2: [step] } },
    })
    const older = await run(inDialect(chain, {}))
    expect([older.status, older.surface]).toEqual(['SUCCESS', '{"member":false,"v":1}'])
    const newer = await run(inDialect(keyed, { routing: firstPlaceOnly }))
    expect([newer.status, newer.surface]).toEqual(['VIOLATION', '{"member":null,"v":1}'])
  })

  it('runs nested workflows in the same domain, each with a trace of its own', async () => {
    const once = { ...keyed, dispatch: { ...(keyed.dispatch as object), routing: firstPlaceOnly } }
    const nothing = { commit: () => undefined, [Symbol.dispose]: () => undefined }
    const evidence: string[] = []
    const recording: Recording = {
      secrets: [],
      open: (started) => ({ write: () => void evidence.push(started?.code ?? 'itself'), ...nothing }),
    }
    const { surface, nested } = await run(once, {}, 'made::WF_OUTER_V0', { recording })
    expect(surface).toMatch(/^\{"inner":\{"status":"SUCCESS","id":"P_\w+","v":1\}/)
    expect([nested.length, nested[0], nested.at(-1)]).toEqual([5, '1 WF_A_V0 WF_START', '1 WF_A_V0 WF_COMPLETE'])
    expect([...new Set(evidence)].sort()).toEqual(['WF_A_V0', 'itself'])
  })

  it('ties a nested run to the step that started it, and leaves its secrets out as well', async () => {
    const once = { ...keyed, dispatch: { ...(keyed.dispatch as object), routing: firstPlaceOnly } }
    const written: string[] = []
    const kept = {
      write: (line: string) => void written.push(...line.trimEnd().split('\n')),
      commit: () => undefined,
      [Symbol.dispose]: () => undefined,
    }
    const ports = { trace: kept, openNestedTrace: () => kept, recording: { secrets: ['v'], open: () => kept } }
    await run(once, { traceRedactor: new Redactor(['v']) }, 'made::WF_OUTER_V0', ports)
    expect(written.filter((line) => /"v": ?1\b/.test(line))).toEqual([])
    const records = written.map((line) => JSON.parse(line))
    const [outer, inner] = records.filter(({ kind }) => kind === 'run')
    expect([outer.traceId, outer.parent, inner.workflow, inner.parent]).toEqual(['T', null, 'made::WF_A_V0', 'T'])
    const steps = records.filter(({ kind }) => kind === 'step')
    expect(steps.map(({ id, runs }) => [id, runs])).toEqual([
      ['s', []],
      ['c', [inner.traceId]],
    ])
  })

  it('takes a payload of pairs, and refuses what is none in the words of the reference', async () => {
    const payloadOf = async (payload: JsonValue) => {
      using folder = temporaryFolder()
      writeSnapshot(folder.path, 'made', chain)
      const workflow = findWorkflow(load(folder.path).domain('made'), 'made::WF_A_V0')
      const ports = portsFor(folder, { lines: [], nested: [] })
      return runWorkflow(workflow, payload, ports, { traceId: 'T' })
    }
    expect((await payloadOf([['v', 1]])).surface.get('v')).toBe(1)
    await expect(payloadOf(5)).rejects.toThrow("'int' object is not iterable")
  })

  it('names what is missing in the tables', async () => {
    expect((await run({ ...chain, handlers: {} })).error).toBe(
      'CT addr 3 not found in handlers \u2014 snapshot may be stale',
    )
    expect((await run({ ...chain, dispatch: {} })).error).toContain("No entry point for WF 'made::WF_A_V0' (addr 0)")
    const unbound = { ...chain, dispatch: { ...(chain.dispatch as object), entry: { 0: { start: 1 } } } }
    expect((await run(unbound)).error).toBe("'rb'")
  })
})

describe('a payload', () => {
  it.each<[string, string]>([
    ['[1,2]', 'cannot convert dictionary update sequence element #0 to a sequence'],
    ['"abc"', 'dictionary update sequence element #0 has length 1; 2 is required'],
    ['5', "'int' object is not iterable"],
    ['null', "'NoneType' object is not iterable"],
  ])('%s is refused in the words of the reference', (text, message) => {
    expect(() => payloadObject(parseJson(text))).toThrow(message)
  })

  it('may be a list of pairs', () => {
    expect(printCompact(payloadObject(parseJson('[["a",1],["b",2]]')))).toBe('{"a":1,"b":2}')
    expect(printCompact(payloadObject([]))).toBe('{}')
  })
})

describe('what surrounds a run', () => {
  it('puts any data root into a policy, also one with quotes and backslashes', () => {
    const policy = object({ path: '{{module_data_root}}/a', nested: [object({ '{{module_data_root}}': 1 })] })
    const filled: JsonValue = withDataRoot(policy, 'C:\\da"ta$&')
    expect(printCompact(filled)).toBe('{"path":"C:\\\\da\\"ta$&/a","nested":[{"C:\\\\da\\"ta$&":1}]}')
  })

  it('repeats labelled entropy, and gives no more than a hash has', () => {
    expect(Buffer.from(labelledEntropy('x:').bytes(4)).toString('hex')).toBe(
      Buffer.from(labelledEntropy('x:').bytes(4)).toString('hex'),
    )
    expect(() => labelledEntropy('x:').bytes(33)).toThrow('at most 32 bytes')
  })

  it('holds back the lines of a trace, makes no file without any, and appends to one that is there', () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'a', 'trace.jsonl')
    for (const text of ['', 'one\n', 'two\n']) {
      using trace = new TraceFile(path)
      if (text !== '') trace.write(text)
      expect(existsSync(path)).toBe(text === 'two\n')
    }
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n')
    expect(readdirSync(folder.path)).toEqual(['a'])
  })
})
