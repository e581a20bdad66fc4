import { GuardhouseError } from '../../../../shared/errors.ts'
import type { EvidenceReader } from '../evidence/evidence-reader.ts'
import type { RunRecord } from '../evidence/evidence-record.ts'
import { RunRecorder } from '../evidence/run-recorder.ts'
import { capabilitiesOf } from '../run/capabilities.ts'
import { type WalkPorts, type Workflow, walk } from '../run/walk.ts'
import { Redactor } from '../secrets/redactor.ts'
import { fileStores } from '../stores/file-stores.ts'
import { isCapabilityVersion } from '../transforms/catalogue.ts'
import { RecordedWorld, type ReplayDifference } from './recorded-world.ts'

/** What a replay came to. */
export interface ReplayReport {
  readonly run: RunRecord
  /** Null: every record came out as it was written. */
  readonly difference: ReplayDifference | null
  readonly records: number
  /** Steps whose recorded answer was taken, because a secret that they need is not recorded. */
  readonly withheld: number
  /** Parts of the snapshot that are not those of the run; a run may come out alike all the same. */
  readonly changedFiles: readonly string[]
}

/** Finds the workflow of a run again. Throws when it is not there any more. */
export type FindWorkflow = (run: RunRecord) => Workflow

/**
 * Walks a run again from its evidence: with the recorded clock, entropy and answers of side effects, nothing outside is
 * touched. Reports the first record that comes out differently, or that was changed after it was written. Throws a
 * GuardhouseError when the evidence is not that of a run that has ended.
 */
export async function replay(reader: EvidenceReader, find: FindWorkflow): Promise<ReplayReport> {
  const run = requireFinished(reader)
  const workflow = find(run)
  const world = new RecordedWorld(reader.all())
  const walked = await walkAgain(workflow, run, world)
  const forged = firstForged(reader)
  return {
    run,
    difference: earlier(walked, forged),
    records: reader.length,
    withheld: world.withheld,
    changedFiles: changedFiles(run, workflow),
  }
}

/** The first record of an evidence whose last one says how the run ended. */
export function requireFinished(reader: EvidenceReader): RunRecord {
  const { path, length } = reader
  if (reader.open)
    throw broken(`Line ${length + 1} of ${path} is cut off: the run is still going, or its evidence is damaged`)
  if (length === 0) throw broken(`Empty evidence file: ${path}`)
  const [first] = reader.lines(0, 1)
  const [last] = reader.lines(length - 1, 1)
  if (first?.record.kind !== 'run') throw broken(`Line 1 of ${path} does not begin a run`)
  if (last?.record.kind !== 'end')
    throw broken(`No end of the run behind line ${length} of ${path}: it breaks off there`)
  return first.record
}

async function walkAgain(workflow: Workflow, run: RunRecord, world: RecordedWorld): Promise<ReplayDifference | null> {
  const { traceId, settings, parent, token, payload } = run
  const capabilities = run.source.capabilities ?? ''
  if (!isCapabilityVersion(capabilities))
    throw broken(`the run used capabilities '${capabilities}', which are not known`)
  const ports: WalkPorts = {
    clock: world.clock,
    entropy: world.entropy,
    // Nothing is ever read or written: side effects answer from the evidence.
    stores: fileStores('/'),
    mail: null,
    executor: null,
    capabilities: capabilitiesOf(capabilities),
    trace: { write: () => undefined },
  }
  const recorded = { workflow, traceId, capabilities, settings, parent, token, payload }
  const recorder = new RunRecorder(recorded, ports, world, new Redactor([]))
  const { gate, interrupt, stepRunner } = world
  const options = { traceId, hopLimit: settings.hopLimit, observer: recorder, interrupt, stepRunner }
  try {
    await walk(workflow, payload, recorder.ports, settings.enforced ? { ...options, gate } : options)
  } catch (error) {
    // A run that was stopped by an error is stopped again, and the records say whether by the same.
    if (world.difference === null && !recorder.complete) throw error
  }
  return world.difference ?? world.leftOver()
}

/** The first line that is not as it was written. */
function firstForged(reader: EvidenceReader): ReplayDifference | null {
  for (const { genuine, index, record } of reader.all()) {
    if (genuine) continue
    const reason = 'the record, or the link in it, was changed after it was written'
    return { line: index, record, field: 'chain', left: null, right: null, reason }
  }
  return null
}

/** At the same line the difference that names a field says more. */
function earlier(walked: ReplayDifference | null, forged: ReplayDifference | null): ReplayDifference | null {
  if (walked === null || forged === null) return walked ?? forged
  return forged.line < walked.line ? forged : walked
}

function changedFiles({ source }: RunRecord, { snapshot }: Workflow): string[] {
  return Object.entries(snapshot.files)
    .filter(([part, { sha256 }]) => source.files[part] !== sha256)
    .map(([, { path }]) => path)
}

function broken(message: string): GuardhouseError {
  return new GuardhouseError('operation-failed', message)
}
