import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sha256Hex } from '../../json/canonical-hash.ts'
import { parseJson } from '../../json/parse.ts'
import { isObject, object } from '../../json/value.ts'
import type { EvidenceRecord } from '../evidence/evidence-record.ts'
import { countedEntropy, stillClock } from '../ports.fixture.ts'
import {
  asArray,
  asObject,
  asText,
  describeWithReference,
  readReference,
  referenceFolder,
} from '../reference.fixture.ts'
import { fixedClock, labelledEntropy } from '../run/clocks.ts'
import { findWorkflow } from '../run/walk.ts'
import { load } from '../snapshot/load.ts'
import { snapshotPath } from '../snapshot/snapshot-files.ts'
import { readIsoDate } from '../transforms/iso-date.ts'
import { secretTransformFields } from '../transforms/secret-fields.ts'
import { conditionOf, oneAtom, sideEffect, temporaryFolder, writeSnapshot, writeText } from '../workspace.fixture.ts'
import { forge, recordRun, recordsOf, replayFile, tamper } from './replay.fixture.ts'

/** Makes an id, keeps it in a registry, and makes a master key of a seed. */
function writeBank(workspace: string): void {
  const step = (addr: number, op: string | null, inputs: object, outputs: object) => ({
    ...{ addr, op, step_id: `s${addr}`, on_result: null },
    inputs: inputs as Record<string, string>,
    outputs: outputs as Record<string, string>,
  })
  writeSnapshot(workspace, 'bank', {
    names: [
      'WF_OPEN_V0',
      'IN_OPEN_V0',
      'CC_OPEN_V0',
      'CT_ID_V0',
      'CS_REGISTRY_V0',
      'CT_KEY_V0',
      'RB_V0',
      'CC_KEY_V0',
    ].map((code) => `bank::${code}`),
    dispatch: {
      entry: { 0: { start: 1, rb: 6 } },
      routing: { 0: { 1: { [conditionOf('ACK')]: 2 }, 2: { [conditionOf('SUCCESS')]: 7 } } },
      bindings: { 0: { 2: { who: '$.payload.who' }, 7: { seed: '$.payload.seed' } } },
      pipeline: {
        2: [
          step(3, null, { prefix: 'A', data: '$.inputs.who' }, { id: '$.id' }),
          step(4, 'REGISTER', { key: '$.results.s3.id' }, { address: '$.address' }),
        ],
        7: [step(5, null, { seed_bytes: '$.inputs.seed' }, { key: '$.master_private_key_bytes' })],
      },
    },
    handlers: {
      ct: {
        3: oneAtom('ct_pure_generate_id_v0', ['prefix', 'data'], 'id'),
        5: oneAtom('ct_pure_derive_master_key_v0', ['seed_bytes'], 'master_private_key_bytes'),
      },
      cs: { 4: sideEffect('CS_REGISTRY_V0', 'RegistryRuntime') },
      rb_policy: { 6: { 4: { policy: { path: '{{module_data_root}}/accounts.jsonl' } } } },
    },
  })
}

async function recordBank(folder: string, secrets: readonly string[] = []): Promise<string> {
  writeBank(folder)
  const [path = ''] = await recordRun({
    folder,
    workflow: findWorkflow(load(folder).domain('bank'), 'bank::WF_OPEN_V0'),
    payload: object({ who: 'ada', seed: `0x${'5e'.repeat(16)}` }),
    clock: stillClock(),
    entropy: countedEntropy(),
    dataRoot: join(folder, 'data'),
    secrets,
  })
  return path
}

describe('a replay', () => {
  it('is the same run again, and touches nothing', async () => {
    using folder = temporaryFolder()
    const path = await recordBank(folder.path)
    writeText(join(folder.path, 'data', 'accounts.jsonl'), 'no record at all\n')
    const report = await replayFile(path, folder.path)
    expect(report).toMatchObject({ difference: null, records: 11, withheld: 0, changedFiles: [] })
    expect(readFileSync(join(folder.path, 'data', 'accounts.jsonl'), 'utf8')).toBe('no record at all\n')
  })

  it('needs all that the evidence holds and the trace leaves out', async () => {
    using folder = temporaryFolder()
    const records = recordsOf(await recordBank(folder.path))
    const [run, ...rest] = records
    const end = records.at(-1)
    const wall = Date.parse('2026-01-01T00:00:01Z') * 1000
    expect(run).toMatchObject({ kind: 'run', payload: object({ who: 'ada', seed: `0x${'5e'.repeat(16)}` }), wall })
    expect(rest.filter(({ kind }) => kind === 'enter')).toMatchObject([
      { node: { type: 'boundary', id: 'IN_OPEN_V0' }, after: [] },
      { node: { type: 'contract', id: 'CC_OPEN_V0' }, after: [0], inputs: object({ who: 'ada' }) },
      { node: { type: 'contract', id: 'CC_KEY_V0' }, after: [1] },
    ])
    expect(rest.flatMap((record) => (record.kind === 'leave' ? [[record.status, record.to]] : []))).toEqual([
      ['ACK', ['CC_OPEN_V0']],
      ['SUCCESS', ['CC_KEY_V0']],
      ['SUCCESS', []],
    ])
    const address = expect.stringMatching(/^ADDR_[0-9a-f]{32}$/)
    expect(rest.filter(({ kind }) => kind === 'step')).toMatchObject([
      { operation: null, inputs: object({ prefix: 'A', data: 'ada' }), answer: expect.any(Map), entropy: [] },
      {
        operation: 'REGISTER',
        answer: object({ result_status: 'SUCCESS', address }),
        output: object({ address }),
        entropy: [expect.any(String)],
      },
      { operation: null, output: object({ key: expect.stringMatching(/^0x/) }) },
    ])
    expect(end).toMatchObject({ kind: 'end', status: 'SUCCESS', visits: 3, steps: 3, wall, ending: 'unknown' })
    expect(end).toMatchObject({ trace: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(end).not.toMatchObject({ trace: sha256Hex('') })
  })

  it('has what the run read of the clock', async () => {
    using folder = temporaryFolder()
    writeSnapshot(folder.path, 'diary', {
      names: ['WF_NOTE_V0', 'CC_NOTE_V0', 'CS_LOG_V0', 'RB_V0'].map((code) => `diary::${code}`),
      dispatch: {
        entry: { 0: { start: 1, rb: 3 } },
        routing: { 0: {} },
        bindings: { 0: { 1: { record: '$.payload.note' } } },
        pipeline: {
          1: [
            {
              addr: 2,
              op: 'APPEND',
              step_id: 'a',
              inputs: { record: '$.inputs.record' },
              outputs: { id: '$.record_id' },
              on_result: null,
            },
          ],
        },
      },
      handlers: {
        cs: { 2: sideEffect('CS_APPENDONLY_JSONL_V0', 'AppendOnlyJsonlRuntime') },
        rb_policy: { 3: { 2: { policy: { path: '{{module_data_root}}/diary.jsonl' } } } },
      },
    })
    const [path = ''] = await recordRun({
      folder: folder.path,
      workflow: findWorkflow(load(folder.path).domain('diary'), 'diary::WF_NOTE_V0'),
      payload: object({ note: 'rain' }),
      clock: stillClock('2026-01-01T00:00:02.000Z'),
      entropy: countedEntropy(),
      dataRoot: join(folder.path, 'data'),
    })
    const step = recordsOf(path).find(({ kind }) => kind === 'step')
    expect(step).toMatchObject({ clock: [Date.parse('2026-01-01T00:00:02Z') * 1000], outcome: 'SUCCESS' })
    expect(await replayFile(path, folder.path)).toMatchObject({ difference: null })
  })

  it('names the very record of which a value was changed by hand', async () => {
    using folder = temporaryFolder()
    const path = await recordBank(folder.path)
    for (const [line, text] of readFileSync(path, 'utf8').split('\n').slice(0, -1).entries()) {
      const at = /"at":\d+/.exec(text)?.[0] ?? ''
      const { difference } = await replayFile(
        tamper(path, line, (each) => each.replace(at, '"at":77')),
        folder.path,
      )
      expect(difference, text).toMatchObject({ line, reason: expect.any(String) })
    }
  })

  it.each<[string, number, Partial<Record<string, unknown>>, string]>([
    ['an input', 3, { inputs: object({ prefix: 'B', data: 'ada' }) }, 'the step is given something else'],
    ['the result of a transform', 3, { answer: object({ id: 'A_0' }) }, 'the same inputs give something else'],
    ['the status of a transform', 3, { outcome: 'VIOLATION' }, 'the same inputs give something else'],
    ['the answer of the world', 4, { answer: object({ address: 'ADDR_0' }) }, 'does not fit'],
    ['what was taken over of it', 4, { output: object({ address: 'ADDR_0' }) }, 'does not fit'],
    ['its status', 4, { outcome: 'ALREADY_EXISTS' }, 'does not fit'],
    ['a node', 6, { visit: 5 }, 'another node is entered'],
    ['an edge', 5, { to: ['CC_OTHER_V0'] }, 'another edge is taken'],
    ['the status of a node', 5, { status: 'VIOLATION' }, 'the node ends otherwise'],
    ['the end', 9, { status: 'VIOLATION' }, 'the run ends otherwise'],
  ])('finds %s that was changed with all links made to fit', async (_, line, change, reason) => {
    using folder = temporaryFolder()
    const path = await recordBank(folder.path)
    const forged = forge(path, line + 1, (record) => ({ ...record, ...change }) as EvidenceRecord)
    const { difference } = await replayFile(forged, folder.path)
    expect(difference).toMatchObject({ line: line + 1, reason: expect.stringContaining(reason) })
  })

  it('says which file of the snapshot is another one', async () => {
    using folder = temporaryFolder()
    const path = await recordBank(folder.path)
    const dispatch = snapshotPath(folder.path, 'bank', 'dispatch')
    writeFileSync(dispatch, readFileSync(dispatch, 'utf8').replace('"A"', '"B"'))
    const { difference, changedFiles } = await replayFile(path, folder.path)
    expect(changedFiles).toEqual([dispatch])
    expect(difference).toMatchObject({ line: 4, field: 'inputs.prefix', left: 'A', right: 'B' })
  })

  it('takes the recorded answer where a secret was left out, and holds no word of the secret', async () => {
    using folder = temporaryFolder()
    const path = await recordBank(folder.path, ['seed', ...secretTransformFields])
    expect(readFileSync(path, 'utf8')).not.toContain('5e5e5e')
    expect(readFileSync(path, 'utf8')).toContain('"seed":"[redacted #1]"')
    expect(await replayFile(path, folder.path)).toMatchObject({ difference: null, withheld: 1 })
  })

  it('refuses what is no evidence of a whole run, and names the line', async () => {
    using folder = temporaryFolder()
    const path = await recordBank(folder.path)
    const text = readFileSync(path, 'utf8')
    const cut = (length: number): string => {
      writeFileSync(path, text.slice(0, length))
      return path
    }
    await expect(replayFile(cut(text.length - 20), folder.path)).rejects.toThrow(/^Line 11 of .* is cut off/)
    await expect(replayFile(cut(text.lastIndexOf('{"kind"')), folder.path)).rejects.toThrow(
      /No end of the run behind line 10/,
    )
    await expect(replayFile(cut(0), folder.path)).rejects.toThrow('Empty evidence file')
  })
})

describeWithReference('replays of the runs of the reference', () => {
  const golden = join(referenceFolder, 'golden')
  const names = existsSync(golden)
    ? readdirSync(golden).filter((name) => /^[a-n]/.test(name) && statSync(join(golden, name)).isDirectory())
    : []

  it.each(names)('are the same run again: %s', async (name) => {
    using folder = temporaryFolder()
    const recorded = asObject(readReference('golden', name, 'case.json'))
    const workspace = join(referenceFolder, 'snapshot', asText(recorded.get('snapshot')))
    const before = join(golden, name, 'data_before')
    const dataRoot = join(folder.path, 'data')
    if (existsSync(before)) cpSync(before, dataRoot, { recursive: true })
    for (const [number, step] of asArray(recorded.get('steps')).map(asObject).entries()) {
      const fullName = asText(step.get('workflow'))
      const paths = await recordRun({
        folder: join(folder.path, String(number)),
        workflow: findWorkflow(load(workspace).domain(fullName.split('::')[0] ?? ''), fullName),
        payload: parseJson(readFileSync(join(referenceFolder, asText(step.get('payload'))), 'utf8')),
        clock: fixedClock({
          wallMicroseconds: Number(readIsoDate(asText(step.get('wall_clock_utc')))),
          traceStartNanoseconds: BigInt(Number(step.get('mono_start_ns'))),
        }),
        entropy: labelledEntropy('pgs-fixture-entropy:'),
        dataRoot,
        // Every second run as it is recorded by default, without its secrets.
        secrets: number % 2 === 1 ? secretTransformFields : [],
        settings: { hopLimit: 64 },
      })
      for (const path of paths) {
        expect(await replayFile(path, workspace), path).toMatchObject({ difference: null, changedFiles: [] })
        await expectChangesFound(path, workspace)
      }
    }
  })

  /** Changes what each transform gave, one at a time, with all links made to fit. */
  async function expectChangesFound(path: string, workspace: string): Promise<void> {
    const steps = [...recordsOf(path).entries()].filter(([, { kind }]) => kind === 'step')
    for (const [line, step] of steps.slice(0, 6)) {
      if (step.kind !== 'step' || !isObject(step.output) || step.output.size === 0) continue
      const [key = ''] = step.output.keys()
      const output = new Map(step.output).set(key, 'something else')
      const { difference } = await replayFile(
        forge(path, line, (record) => ({ ...record, output }) as EvidenceRecord),
        workspace,
      )
      expect(difference, `${path} ${line}`).toMatchObject({ line })
    }
  }
})
