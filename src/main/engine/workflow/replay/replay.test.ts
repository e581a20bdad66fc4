import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sha256Hex } from '../../json/canonical-hash.ts'
import { object } from '../../json/value.ts'
import type { EvidenceRecord } from '../evidence/evidence-record.ts'
import { countedEntropy, stillClock } from '../ports.fixture.ts'
import { describeWithReference } from '../reference.fixture.ts'
import { findWorkflow } from '../run/walk.ts'
import { load } from '../snapshot/load.ts'
import { snapshotPath } from '../snapshot/snapshot-files.ts'
import { secretTransformFields } from '../transforms/secret-fields.ts'
import { sideEffect, temporaryFolder, writeSnapshot, writeText } from '../workspace.fixture.ts'
import { recordBank } from './bank.fixture.ts'
import { recordCase, referenceCases } from './reference-runs.fixture.ts'
import { forge, recordRun, recordsOf, replayFile, tamper } from './replay.fixture.ts'

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

  it('holds no word of a secret in what stopped the run', async () => {
    using folder = temporaryFolder()
    await recordBank(folder.path)
    const stopping = (): never => {
      throw new Error('no room for 4111-1111')
    }
    const [path = ''] = await recordRun({
      folder: join(folder.path, 'stopped'),
      workflow: findWorkflow(load(folder.path).domain('bank'), 'bank::WF_OPEN_V0'),
      ...{ payload: object({ card: '4111-1111' }), clock: stillClock(), entropy: countedEntropy() },
      ...{ dataRoot: join(folder.path, 'data'), secrets: ['card'], settings: { interrupt: stopping } },
    })
    expect(recordsOf(path).at(-1)).toMatchObject({ kind: 'end', error: 'no room for [redacted #1]' })
    expect(readFileSync(path, 'utf8')).not.toContain('4111-1111')
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

  it('walks as far as the draft of a run that broke off goes, wherever it broke off', async () => {
    using folder = temporaryFolder()
    const path = await recordBank(folder.path)
    const text = readFileSync(path, 'utf8')
    const draft = `${path}.part`
    renameSync(path, draft)
    const dispatch = snapshotPath(folder.path, 'bank', 'dispatch')
    for (let lines = 1, at = text.indexOf('\n') + 1; lines < 11; lines += 1, at = text.indexOf('\n', at) + 1) {
      writeFileSync(draft, text.slice(0, at + 9))
      const report = await replayFile(draft, folder.path)
      expect(report, `${lines} lines`).toMatchObject({ difference: null, records: lines, brokenOff: true })
    }
    writeFileSync(dispatch, readFileSync(dispatch, 'utf8').replace('"A"', '"B"'))
    expect(await replayFile(draft, folder.path)).toMatchObject({ difference: { line: 4, field: 'inputs.prefix' } })
  })

  it('asks nothing of the world that is not recorded, also where the snapshot has more steps now', async () => {
    using folder = temporaryFolder()
    const path = await recordBank(folder.path)
    const dispatch = snapshotPath(folder.path, 'bank', 'dispatch')
    const tables = JSON.parse(readFileSync(dispatch, 'utf8'))
    tables.pipeline[2].push({ ...tables.pipeline[2][1], step_id: 'again' })
    writeFileSync(dispatch, JSON.stringify(tables))
    expect((await replayFile(path, folder.path)).difference).toMatchObject({
      line: 6,
      reason: 'a step runs that did not run then',
    })
  })
})

describeWithReference('replays of the runs of the reference', () => {
  it.each(referenceCases)('are the same run again: %s', async (name) => {
    using folder = temporaryFolder()
    // Every second run as it is recorded by default, without its secrets.
    const { workspace, paths } = await recordCase(name, folder.path, (number) =>
      number % 2 === 1 ? secretTransformFields : [],
    )
    for (const path of paths) {
      expect(await replayFile(path, workspace), path).toMatchObject({ difference: null, changedFiles: [] })
    }
  })
})
