import type { JsonValue } from '../../json/value.ts'
import type { WorkflowOutcome } from '../side-effects/side-effect.ts'
import { capabilitiesOf, versionFor } from './capabilities.ts'
import { NestedRuns, type NestedSettings, type OpenNestedTrace } from './nested-runs.ts'
import { type Recording, recordedWalk } from './recorded-walk.ts'
import type { RunObserver } from './run-observer.ts'
import type { WalkPorts, Workflow } from './walk.ts'

/** What a whole run needs from outside. */
export interface RunPorts extends Omit<WalkPorts, 'executor' | 'capabilities'> {
  readonly openNestedTrace: OpenNestedTrace
  /** Left out: no evidence is kept. */
  readonly recording?: Recording
}

export interface RunSettings extends NestedSettings {
  readonly traceId: string
  /** Told about the run itself, not about those that it starts. */
  readonly observer?: RunObserver
}

/** Runs a workflow with the capabilities that its snapshot was written for, and the workflows that it starts itself. */
export async function runWorkflow(
  workflow: Workflow,
  payload: JsonValue,
  { openNestedTrace, recording, ...ports }: RunPorts,
  { traceId, observer, ...settings }: RunSettings,
): Promise<WorkflowOutcome> {
  const { snapshot } = workflow
  const capabilities = capabilitiesOf(versionFor(snapshot.dispatch.dialect))
  const recorded = recording ?? null
  const nested = new NestedRuns(snapshot, { ...ports, capabilities }, openNestedTrace, recorded, settings)
  const options = { ...settings, traceId, ...(observer === undefined ? {} : { observer }) }
  return await recordedWalk(workflow, payload, { ...ports, capabilities }, options, {
    recording: recorded,
    nested: null,
    parent: null,
    executor: (started) => nested.executorFor(traceId, started),
  })
}
