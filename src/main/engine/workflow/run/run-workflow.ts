import type { JsonValue } from '../../json/value.ts'
import type { WorkflowOutcome } from '../side-effects/side-effect.ts'
import { capabilitiesOf, versionFor } from './capabilities.ts'
import { type NestedSettings, nestedRuns, type OpenNestedTrace } from './nested-runs.ts'
import { type WalkPorts, type Workflow, walk } from './walk.ts'

/** What a whole run needs from outside. */
export interface RunPorts extends Omit<WalkPorts, 'executor' | 'capabilities'> {
  readonly openNestedTrace: OpenNestedTrace
}

export interface RunSettings extends NestedSettings {
  readonly traceId: string
}

/** Runs a workflow with the capabilities that its snapshot was written for, and the workflows that it starts itself. */
export async function runWorkflow(
  workflow: Workflow,
  payload: JsonValue,
  { openNestedTrace, ...ports }: RunPorts,
  { traceId, ...settings }: RunSettings,
): Promise<WorkflowOutcome> {
  const { snapshot } = workflow
  const capabilities = capabilitiesOf(versionFor(snapshot.dispatch.dialect))
  const executor = nestedRuns(snapshot, { ...ports, capabilities }, openNestedTrace, settings)
  return await walk(workflow, payload, { ...ports, capabilities, executor }, { ...settings, traceId })
}
