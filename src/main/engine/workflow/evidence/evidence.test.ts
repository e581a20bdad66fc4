import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { JsonFloat, object } from '../../json/value.ts'
import { insteadOf } from '../../system/instead-of.fixture.ts'
import { TraceFile } from '../trace/trace-file.ts'
import { temporaryFolder } from '../workspace.fixture.ts'
import { EvidenceFile, evidencePathFor, isEvidencePath } from './evidence-file.ts'
import { EvidenceReader } from './evidence-reader.ts'
import type { EvidenceRecord, StepRecord } from './evidence-record.ts'
import { EvidenceWriter } from './evidence-writer.ts'

const step: StepRecord = {
  kind: 'step',
  visit: 0,
  step: 0,
  id: 's',
  name: 'made::CT_ID_V0',
  operation: null,
  inputs: object({ b: new JsonFloat(5), '1': 2n ** 70n }),
  outcome: 'SUCCESS',
  answer: object({ id: 'x' }),
  output: object({ id: 'x' }),
  failure: null,
  clock: [1_767_225_601_000_000],
  entropy: ['00ff'],
  runs: [],
  at: 2n ** 60n,
  ran: { token: 'T', core: 1, worker: 2, started: 5, ended: null },
}
const records: readonly EvidenceRecord[] = [
  {
    kind: 'run',
    version: 1,
    traceId: 'T1',
    workflow: 'made::WF_A_V0',
    domain: 'made',
    source: { type: 'snapshot', hash: 'h', files: { dispatch: 'd' }, dialect: 'address', capabilities: '0.3.0' },
    payload: object({ v: 1 }),
    payloadHash: 'p',
    turnedAway: null,
    settings: { hopLimit: 64, timeLimitMilliseconds: null, enforced: false },
    parent: null,
    token: null,
    wall: 1,
    at: 1000,
  },
  {
    kind: 'enter',
    visit: 0,
    node: { type: 'contract', id: 'A', name: 'made::CC_A_V0', address: 2 },
    after: [],
    inputs: object({ v: 1 }),
    at: 2000,
  },
  step,
  { kind: 'leave', visit: 0, status: 'SUCCESS', output: object({ id: 'x' }), to: ['B', 'C'], at: 3000 },
  {
    kind: 'end',
    status: null,
    output: object({}),
    error: 'no space',
    ending: 'failed',
    visits: 1,
    steps: 1,
    wall: 2,
    at: 4000,
    trace: null,
  },
]

function write(path: string, repeated = 1): void {
  using file = new EvidenceFile(path)
  const writer = new EvidenceWriter(file)
  for (let round = 0; round < repeated; round += 1) for (const record of records) writer.write(record)
  file.commit()
}

function linesOf(path: string) {
  using reader = new EvidenceReader(path)
  return [...reader.all()]
}

describe('the evidence of a run', () => {
  it('comes back as it was written, with every number as it was', () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'a.evidence.ndjson')
    write(path)
    expect(linesOf(path).map(({ record }) => record)).toEqual(records)
    expect(linesOf(path).every(({ genuine }) => genuine)).toBe(true)
    expect(
      readFileSync(path, 'utf8')
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line).kind),
    ).toEqual(records.map(({ kind }) => kind))
  })

  it('is read by ranges, wherever they begin', () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'a.evidence.ndjson')
    write(path, 400)
    using reader = new EvidenceReader(path)
    expect(reader.length).toBe(2000)
    for (const first of [0, 1, 255, 256, 257, 1023, 1995]) {
      const lines = reader.lines(first, 7)
      expect(lines.map(({ index }) => index)).toEqual(
        [0, 1, 2, 3, 4, 5, 6].map((offset) => first + offset).filter((index) => index < 2000),
      )
      expect(lines.every(({ genuine, index, record }) => genuine && record.kind === records[index % 5]?.kind)).toBe(
        true,
      )
    }
    expect([reader.texts(2000, 5), reader.texts(-1, 5), reader.texts(3, 0)]).toEqual([[], [], []])
  })

  it('tells exactly the record that was changed, left out or put in', () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'a.evidence.ndjson')
    write(path)
    const lines = readFileSync(path, 'utf8').split('\n')
    const changedIn = (text: readonly string[]): number[] => {
      writeFileSync(path, text.join('\n'))
      return linesOf(path)
        .filter(({ genuine }) => !genuine)
        .map(({ index }) => index)
    }
    expect(changedIn(lines.map((line) => line.replace('"entropy":["00ff"]', '"entropy":["00fe"]')))).toEqual([2])
    expect(changedIn(lines.toSpliced(2, 1))).toEqual([2])
    expect(changedIn(lines.toSpliced(1, 0, lines[1] ?? ''))).toEqual([2])
  })

  it('names line and field of what is no record', () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'a.evidence.ndjson')
    write(path)
    const text = readFileSync(path, 'utf8')
    for (const [from, to, problem] of [
      ['"visit":0,"step":0', '"visit":"x","step":0', "Line 3 of .*'visit' has to be an integer, not str"],
      ['"kind":"leave"', '"kind":"gone"', "Line 4 of .*kind 'gone' is not known"],
      ['"version":1', '"version":9', 'Line 1 of .*newer than 1'],
      ['"token":"T",', '', "'ran.token' is missing"],
      ['{"kind":"enter"', '{kind', 'Line 2 of .*property name'],
    ] as const) {
      writeFileSync(path, text.replace(from, to))
      expect(() => linesOf(path), problem).toThrow(new RegExp(problem))
    }
    expect(() => linesOf(join(folder.path, 'none'))).toThrow('Evidence file not found')
  })

  it('has its name only once it is whole, and can be read before', () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'a.evidence.ndjson')
    {
      using file = new EvidenceFile(path)
      const writer = new EvidenceWriter(file)
      writer.write(step)
      file.flush()
      using reader = new EvidenceReader(file.draftPath)
      expect([reader.length, reader.open, existsSync(path)]).toEqual([1, false, false])
      writer.write(step)
      file.write('{"cut')
      file.flush()
      reader.refresh()
      expect([reader.length, reader.open]).toEqual([2, true])
    }
    expect(readdirSync(folder.path)).toEqual(['a.evidence.ndjson.part'])
  })

  it('never takes the place of another', () => {
    using folder = temporaryFolder()
    const path = evidencePathFor(join(folder.path, 'a.jsonl'))
    write(path)
    write(path)
    write(path)
    expect(readdirSync(folder.path).sort()).toEqual(['a.evidence.2.ndjson', 'a.evidence.3.ndjson', 'a.evidence.ndjson'])
    expect(readdirSync(folder.path).every(isEvidencePath)).toBe(true)
    expect(isEvidencePath('a.jsonl')).toBe(false)
  })

  it('lies beside a trace that goes on where one of the same id ended, as the reference does', () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'a.jsonl')
    for (const line of ['first\n', 'second\n']) {
      using trace = new TraceFile(path)
      trace.write(line)
    }
    expect(readFileSync(path, 'utf8')).toBe('first\nsecond\n')
  })

  it('never takes the place of one that is being written, or is finished at this very moment', () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'a.evidence.ndjson')
    const placeOf = (number: number) => join(folder.path, `a.evidence.${number}.ndjson`)
    using first = new EvidenceFile(path)
    using second = new EvidenceFile(path)
    expect([first.path, second.path]).toEqual([path, placeOf(2)])
    // Another process ends its run after we have seen that the name is free, and before we have reserved it.
    using _meanwhile = insteadOf('openSync', (open) => (draft: string, flags: string) => {
      if (draft === `${placeOf(3)}.part`) writeFileSync(placeOf(3), 'of another')
      return open(draft, flags)
    })
    using third = new EvidenceFile(path)
    expect(third.path).toBe(placeOf(4))
    expect([readFileSync(placeOf(3), 'utf8'), existsSync(`${placeOf(3)}.part`)]).toEqual(['of another', false])
  })
})
