import { describe, expect, it } from 'vitest'
import { EvidenceReader } from '../evidence/evidence-reader.ts'
import type { EvidenceRecord, StepRecord } from '../evidence/evidence-record.ts'
import { describeWithReference } from '../reference.fixture.ts'
import { findWorkflow } from '../run/walk.ts'
import { load } from '../snapshot/load.ts'
import { temporaryFolder } from '../workspace.fixture.ts'
import { recordBank } from './bank.fixture.ts'
import { type ChangedRecord, changedOnce, inMemory, withRecord } from './changed-values.fixture.ts'
import { recordCase, referenceCases } from './reference-runs.fixture.ts'
import { replay } from './replay.ts'

/** All values of all steps take a minute of the reference's cases; by default every step has some of its own changed. */
const everyValue = process.env.GUARDHOUSE_EVERY_VALUE === '1'
/** Wallets and signatures take a hundred times as long as anything else. */
const sampleFor = (name: string) => (everyValue ? Number.POSITIVE_INFINITY : /^[ef]/.test(name) ? 1 : 3)

/** What of a record is of the run, and not of the moment at which it was made. */
const valueFields: Readonly<Record<EvidenceRecord['kind'], readonly string[]>> = {
  run: ['workflow', 'payload', 'payloadHash', 'turnedAway'],
  enter: ['visit', 'node', 'after', 'inputs'],
  step: [
    'visit',
    'step',
    'id',
    'name',
    'operation',
    'inputs',
    'outcome',
    'answer',
    'output',
    'failure',
    'clock',
    'entropy',
  ],
  leave: ['visit', 'status', 'output', 'to'],
  end: ['status', 'output', 'error', 'ending', 'visits', 'steps', 'trace'],
}

/**
 * What clock, entropy and side effects answered is known from the record alone: a forger who mends all links can only be found
 * by what follows.
 */
function isOfTheWorld(record: StepRecord, place: string): boolean {
  return /^(clock|entropy)\b/.test(place) || (record.operation !== null && /^(answer|failure)\b/.test(place))
}

interface Findings {
  changes: number
  /** Of those with all links made to fit: found at the very record. */
  atRecord: number
  /** Answers of the world of which nothing was taken over there: found later, or known from their links alone. */
  later: number
}

/**
 * Changes the values of every record, one at a time, with all links made to fit; where the walk alone cannot tell, also with
 * the link left as it was.
 */
async function changeAll(path: string, workspace: string, sample: number): Promise<Findings> {
  using reader = new EvidenceReader(path)
  const lines = inMemory(path, [...reader.all()])
  const loaded = load(workspace)
  const workflowOf = ({ domain, workflow }: { domain: string; workflow: string }) =>
    findWorkflow(loaded.domain(domain), workflow)
  expect(await replay(lines, workflowOf), path).toMatchObject({ difference: null, changedFiles: [] })
  const findings: Findings = { changes: 0, atRecord: 0, later: 0 }
  for (const { index, record } of lines.all()) {
    for (const { place, record: changed } of sampled(record, sample, index)) {
      const where = `${path} line ${index + 1}: ${place}`
      // A run of another name may not be there at all, and that is an error of its own.
      if (place !== 'workflow') {
        const forged = await replay(withRecord(lines, index, changed, true), workflowOf)
        const found = forged.difference?.line
        findings.changes += 1
        if (found === index) findings.atRecord += 1
        else {
          expect(record.kind === 'step' && isOfTheWorld(record, place), where).toBe(true)
          expect(found ?? index + 1, where).toBeGreaterThan(index)
          const tampered = await replay(withRecord(lines, index, changed, false), workflowOf)
          expect(tampered.difference?.line, where).toBe(index)
          findings.later += 1
        }
      }
    }
  }
  return findings
}

/** Always the same ones: spread over the record by its line. */
function sampled(record: EvidenceRecord, count: number, seed: number): readonly ChangedRecord[] {
  const all = [...changedOnce(record, valueFields[record.kind])]
  if (all.length <= count) return all
  return Array.from(
    { length: count },
    (_, at) => all[(seed * 7 + Math.floor((at * all.length) / count)) % all.length],
  ).filter((each) => each !== undefined)
}

describe('a value changed in an evidence', () => {
  it('is found at the very record that holds it', async () => {
    using folder = temporaryFolder()
    const path = await recordBank(folder.path)
    const { changes, atRecord, later } = await changeAll(path, folder.path, Number.POSITIVE_INFINITY)
    expect(changes).toBeGreaterThan(70)
    expect([atRecord + later, later]).toEqual([changes, 4])
  })
})

describeWithReference('values changed in the runs of the reference', () => {
  it.each(referenceCases)('are found at the very record: %s', async (name) => {
    using folder = temporaryFolder()
    const { workspace, paths } = await recordCase(name, folder.path)
    const total: Findings = { changes: 0, atRecord: 0, later: 0 }
    for (const path of paths) {
      const found = await changeAll(path, workspace, sampleFor(name))
      total.changes += found.changes
      total.atRecord += found.atRecord
      total.later += found.later
    }
    expect(total.changes).toBeGreaterThan(5)
    if (everyValue) console.log(`${name}: ${JSON.stringify(total)}`)
  })
})
