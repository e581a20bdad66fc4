import type { JsonValue } from '../../json/value.ts'
import { type EvidenceSink, EvidenceWriter } from '../evidence/evidence-writer.ts'
import { RunRecorder } from '../evidence/run-recorder.ts'
import { Redactor } from '../secrets/redactor.ts'
import type { WorkflowExecutor, WorkflowOutcome } from '../side-effects/side-effect.ts'
import { versionFor } from './capabilities.ts'
import { observeAll } from './run-observer.ts'
import { type WalkOptions, type WalkPorts, type Workflow, walk } from './walk.ts'

/** Where the evidence of a run goes. It gets its name when it is whole. */
export interface EvidenceOutput extends EvidenceSink, Disposable {
  commit(): void
}

/** A run that was started by a step of another one. */
export interface NestedRun {
  /** Counts the nested runs from 1 in the order in which they start. */
  readonly number: number
  readonly code: string
}

/** How evidence is kept of a run and of the runs that it starts. */
export interface Recording {
  /** `nested` is null for the run itself. */
  open(nested: NestedRun | null): EvidenceOutput
  /** Names of what is left out, see Redactor; `secretTransformFields` are what the transforms declare. */
  readonly secrets: readonly string[]
  /** The lead token that carries the run. */
  readonly token?: string
}

/** What a run is recorded with. */
export interface RecordedWalk {
  readonly recording: Recording | null
  readonly nested: NestedRun | null
  /** Trace id of the run whose step started this one. */
  readonly parent: string | null
  /** Makes the executor for the workflows that the run starts itself; `started` is to be told their trace ids. */
  executor(started: (traceId: string) => void): WorkflowExecutor
}

/** Walks a workflow and keeps evidence of it where that is asked for. */
export async function recordedWalk(
  workflow: Workflow,
  payload: JsonValue,
  ports: Omit<WalkPorts, 'executor'>,
  options: WalkOptions,
  { recording, nested, parent, executor }: RecordedWalk,
): Promise<WorkflowOutcome> {
  if (recording === null) {
    return await walk(workflow, payload, { ...ports, executor: executor(() => undefined) }, options)
  }
  using output = recording.open(nested)
  const run = {
    workflow,
    payload,
    traceId: options.traceId,
    capabilities: versionFor(workflow.snapshot.dispatch.dialect),
    settings: {
      hopLimit: options.hopLimit ?? null,
      timeLimitMilliseconds: options.timeLimitMilliseconds ?? null,
      enforced: options.gate !== undefined,
    },
    parent,
    token: recording.token ?? null,
  }
  const asked = executor((traceId) => recorder.startedRun(traceId))
  const recorder = new RunRecorder(
    run,
    { ...ports, executor: asked },
    new EvidenceWriter(output),
    new Redactor(recording.secrets),
  )
  const observer = observeAll(options.observer === undefined ? [recorder] : [recorder, options.observer])
  try {
    return await walk(workflow, payload, recorder.ports, { ...options, observer })
  } finally {
    if (recorder.complete) output.commit()
  }
}
