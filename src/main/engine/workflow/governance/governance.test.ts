import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseJson } from '../../json/parse.ts'
import { countedEntropy, stillClock } from '../ports.fixture.ts'
import { asObject } from '../reference.fixture.ts'
import { recordBank } from '../replay/bank.fixture.ts'
import { recordRun, recordsOf } from '../replay/replay.fixture.ts'
import { findWorkflow } from '../run/walk.ts'
import { load } from '../snapshot/load.ts'
import { temporaryFolder, writeSnapshot, writeText } from '../workspace.fixture.ts'
import { checkAdmission } from './admission-check.ts'
import { declaredEnding } from './declared-ending.ts'
import { declaredGate } from './declared-gate.ts'
import { checkIntent } from './intent-check.ts'

const parsed = (text: string) => asObject(parseJson(text))
const intent = parsed(`{"inputs": {
  "record": {"required": true, "type": "object", "fields": {"mail": {"required": true, "type": "string", "format": "email"}, "age": {"type": "string"}}},
  "decision": {"type": "string", "enum": ["YES", "NO"]}
}}`)

describe('an intent', () => {
  it.each([
    ['{}', "'record' is missing"],
    ['{"record": []}', "'record' has to be an object"],
    ['{"record": {}}', "'record' lacks 'mail'"],
    ['{"record": {"mail": ""}}', "'record' lacks 'mail'"],
    ['{"record": {"mail": 5}}', "'record' has a 'mail' that is no text"],
    ['{"record": {"mail": "a@b"}}', "'record' has a 'mail' that is no mail address"],
    ['{"record": {"mail": "a@b.example"}, "decision": 1}', "'decision' has to be a text"],
    ['{"record": {"mail": "a@b.example"}, "decision": "MAYBE"}', "'decision' is none of the allowed values"],
    ['{"record": {"mail": "a@b.example"}, "decision": "YES"}', null],
  ])('judges %s', (payload, problem) => {
    expect(checkIntent(intent, parsed(payload))).toBe(problem)
  })
})

describe('an admission block', () => {
  const admission = parsed(
    '{"requires": ["EV_IN"], "forbids": ["EV_OUT"], "bindings": {"EV_IN": {"actor": "who"}, "EV_OUT": {"actor": "who"}}}',
  )

  it('asks for events of the very subject, and for the absence of others', () => {
    using folder = temporaryFolder()
    const check = () => checkAdmission(admission, parsed('{"who": "ada"}'), folder.path)
    expect(check()).toBe('requires EV_IN')
    const log = join(folder.path, 'deep', 'events.jsonl')
    const event = (code: string, actor: string): string =>
      `{"record": {"event_code": "${code}", "actor": "${actor}"}}\n`
    writeText(log, event('EV_IN', 'bob'))
    expect(check()).toBe('requires EV_IN')
    writeText(log, event('EV_IN', 'ada') + event('EV_OUT', 'bob'))
    expect(check()).toBeNull()
    writeText(log, event('EV_IN', 'ada') + event('EV_OUT', 'ada'))
    expect(check()).toBe('forbids EV_OUT')
  })

  it('cannot be judged without the field that binds it', () => {
    expect(() => checkAdmission(admission, parsed('{}'), '/nowhere')).toThrow("needs 'who'")
  })
})

describe('the declared gate', () => {
  it('asks the artifacts of the protocol, and lets pass what is not declared', () => {
    using folder = temporaryFolder()
    writeSnapshot(folder.path, 'made', { names: ['made::WF_A_V0', 'made::IN_A_V0'], dispatch: {}, handlers: {} })
    const snapshot = load(folder.path).domain('made')
    const gate = declaredGate(snapshot, folder.path)
    const workflow = findWorkflow(snapshot, 'made::WF_A_V0')
    const node = { address: 1, key: null }
    expect([gate.admit(workflow, parsed('{}')), gate.boundary(node, parsed('{}'))]).toEqual([null, 'ACK'])
    const artifacts = join(folder.path, 'protocol_snapshot', 'artifacts')
    writeText(
      join(artifacts, 'workflows', 'made__WF_A_V0.json'),
      '{"frontmatter": {"core": {"admission": {"requires": ["EV_IN"]}}}}',
    )
    writeText(
      join(artifacts, 'intents', 'made__IN_A_V0.json'),
      '{"frontmatter": {"core": {"inputs": {"v": {"required": true}}}}}',
    )
    expect([gate.admit(workflow, parsed('{}')), gate.boundary(node, parsed('{}'))]).toEqual([
      'ADMISSION_DENIED',
      'NACK',
    ])
    expect(gate.boundary(node, parsed('{"v": 1}'))).toBe('ACK')
    writeText(join(artifacts, 'intents', 'made__IN_A_V0.json'), '{}')
    expect(() => gate.boundary(node, parsed('{}'))).toThrow('declares nothing')
  })
})

describe('the ending of a run', () => {
  it('is declared, missing or unknown, which the tables do not tell apart', () => {
    using folder = temporaryFolder()
    writeSnapshot(folder.path, 'made', { names: ['made::WF_A_V0', 'made::CC_A_V0'], dispatch: {}, handlers: {} })
    const snapshot = load(folder.path).domain('made')
    const endingOf = (status: string, key: string | null) =>
      declaredEnding(snapshot, 'made::WF_A_V0', { address: 1, key }, status)
    expect(endingOf('SUCCESS', null)).toBe('unknown')
    const nodes = {
      FIRST: { type: 'CC', fqdn_id: 'made::CC_A_V0', next: { SUCCESS: 'DONE', NOT_FOUND: 'SECOND' } },
      SECOND: { type: 'CC', fqdn_id: 'made::CC_A_V0', next: { VIOLATION: 'EXIT' } },
      OTHER: { type: 'CC', fqdn_id: 'made::CC_B_V0', next: { SUCCESS: 'FIRST', default: 'EXIT' } },
      DONE: { type: 'EXIT' },
    }
    const artifact = { frontmatter: { core: { nodes } } }
    const artifacts = join(folder.path, 'protocol_snapshot', 'artifacts', 'workflows')
    writeText(join(artifacts, 'made__WF_A_V0.json'), JSON.stringify(artifact))
    expect([endingOf('SUCCESS', 'FIRST'), endingOf('VIOLATION', 'FIRST'), endingOf('VIOLATION', 'SECOND')]).toEqual([
      ...['declared', 'missing', 'declared'],
    ])
    expect([endingOf('VIOLATION', 'OTHER'), endingOf('SUCCESS', 'OTHER')]).toEqual(['declared', 'missing'])
    expect([endingOf('VIOLATION', null), endingOf('NOT_FOUND', null), endingOf('SUCCESS', 'THIRD')]).toEqual([
      ...['declared', 'missing', 'unknown'],
    ])
  })

  it('stands in the evidence, also of a run that was turned away', async () => {
    using folder = temporaryFolder()
    const artifact = join(folder.path, 'protocol_snapshot', 'artifacts', 'workflows', 'bank__WF_OPEN_V0.json')
    for (const [status, ending] of [
      ['SUCCESS', 'declared'],
      ['VIOLATION', 'missing'],
    ] as const) {
      const nodes = { KEY: { type: 'CC', fqdn_id: 'bank::CC_KEY_V0', next: { [status]: 'EXIT' } } }
      writeText(artifact, JSON.stringify({ frontmatter: { core: { nodes } } }))
      for (const left of ['run.evidence.ndjson', 'data'])
        rmSync(join(folder.path, left), { recursive: true, force: true })
      expect(recordsOf(await recordBank(folder.path)).at(-1)).toMatchObject({ kind: 'end', ending })
    }
    const [path = ''] = await recordRun({
      folder: join(folder.path, 'turned-away'),
      workflow: findWorkflow(load(folder.path).domain('bank'), 'bank::WF_OPEN_V0'),
      ...{ payload: parsed('{}'), clock: stillClock(), entropy: countedEntropy(), dataRoot: join(folder.path, 'data') },
      settings: { gate: { admit: () => 'ADMISSION_DENIED', boundary: () => 'ACK' } },
    })
    const records = recordsOf(path)
    expect(records[0]).toMatchObject({ kind: 'run', turnedAway: 'ADMISSION_DENIED', settings: { enforced: true } })
    expect(records[1]).toMatchObject({ kind: 'end', status: 'ADMISSION_DENIED', ending: 'declared' })
  })
})
