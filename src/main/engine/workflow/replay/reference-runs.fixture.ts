import { cpSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseJson } from '../../json/parse.ts'
import { asArray, asObject, asText, readReference, referenceFolder } from '../reference.fixture.ts'
import { fixedClock, labelledEntropy } from '../run/clocks.ts'
import { findWorkflow } from '../run/walk.ts'
import { load } from '../snapshot/load.ts'
import { readIsoDate } from '../transforms/iso-date.ts'
import { recordRun } from './replay.fixture.ts'

const golden = join(referenceFolder, 'golden')

/** Names of the recorded cases that our engine runs; none where the reference's data is not at hand. */
export const referenceCases: readonly string[] = existsSync(golden)
  ? readdirSync(golden).filter((name) => /^[a-n]/.test(name) && statSync(join(golden, name)).isDirectory())
  : []

export interface RecordedCase {
  readonly workspace: string
  /** Evidence of every run and nested run, in the order in which they ended. */
  readonly paths: readonly string[]
}

/** Runs the steps of a case below `folder`; `secretsOf` says what is left out of the evidence of the n-th, from 0. */
export async function recordCase(
  name: string,
  folder: string,
  secretsOf: (number: number) => readonly string[] = () => [],
): Promise<RecordedCase> {
  const recorded = asObject(readReference('golden', name, 'case.json'))
  const workspace = join(referenceFolder, 'snapshot', asText(recorded.get('snapshot')))
  const before = join(golden, name, 'data_before')
  const dataRoot = join(folder, 'data')
  if (existsSync(before)) cpSync(before, dataRoot, { recursive: true })
  const paths: string[] = []
  for (const [number, step] of asArray(recorded.get('steps')).map(asObject).entries()) {
    const fullName = asText(step.get('workflow'))
    const made = await recordRun({
      folder: join(folder, String(number)),
      workflow: findWorkflow(load(workspace).domain(fullName.split('::')[0] ?? ''), fullName),
      payload: parseJson(readFileSync(join(referenceFolder, asText(step.get('payload'))), 'utf8')),
      clock: fixedClock({
        wallMicroseconds: Number(readIsoDate(asText(step.get('wall_clock_utc')))),
        traceStartNanoseconds: BigInt(Number(step.get('mono_start_ns'))),
      }),
      entropy: labelledEntropy('pgs-fixture-entropy:'),
      dataRoot,
      secrets: secretsOf(number),
      settings: { hopLimit: 64 },
    })
    paths.push(...made)
  }
  return { workspace, paths }
}
