import type { EvidenceLines } from '../evidence/evidence-reader.ts'
import type { RunRecord } from '../evidence/evidence-record.ts'
import { RunRecorder } from '../evidence/run-recorder.ts'
import { capabilitiesOf } from '../run/capabilities.ts'
import { type WalkPorts, type Workflow, walk } from '../run/walk.ts'
import { Redactor } from '../secrets/redactor.ts'
import { fileStores } from '../stores/file-stores.ts'
import { isCapabilityVersion } from '../transforms/catalogue.ts'
import { broken, earlier, firstForged, type ReplayReport, requireWalkable } from './finished-evidence.ts'
import { RecordedWorld, type ReplayDifference } from './recorded-world.ts'

/** Finds the workflow of a run again. Throws when it is not there any more. */
export type FindWorkflow = (run: RunRecord) => Workflow

/**
 * Walks a run again from its evidence: with the recorded clock, entropy and answers of side effects, nothing outside is
 * touched. Reports the first record that comes out differently, or that was changed after it was written. Throws a
 * GuardhouseError when the evidence is neither that of a run that has ended nor the draft of one that broke off.
 */
export async function replay(evidence: EvidenceLines, find: FindWorkflow): Promise<ReplayReport> {
  const { run, brokenOff } = requireWalkable(evidence)
  const workflow = find(run)
  const world = new RecordedWorld(evidence.all(), brokenOff)
  const walked = await walkAgain(workflow, run, world)
  const forged = firstForged(evidence)
  return {
    run,
    difference: earlier(walked, forged),
    records: evidence.length,
    withheld: world.withheld,
    brokenOff,
    changedFiles: changedFiles(run, workflow),
  }
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

function changedFiles({ source }: RunRecord, { snapshot }: Workflow): string[] {
  return Object.entries(snapshot.files)
    .filter(([part, { sha256 }]) => source.files[part] !== sha256)
    .map(([, { path }]) => path)
}
