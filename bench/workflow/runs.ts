import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { object } from '../../src/main/engine/json/value.ts'
import { EvidenceFile } from '../../src/main/engine/workflow/evidence/evidence-file.ts'
import { systemClock, systemEntropy } from '../../src/main/engine/workflow/run/clocks.ts'
import { type RunPorts, runWorkflow } from '../../src/main/engine/workflow/run/run-workflow.ts'
import type { Workflow } from '../../src/main/engine/workflow/run/walk.ts'
import type { Stores } from '../../src/main/engine/workflow/stores/file-stores.ts'
import { TraceFile } from '../../src/main/engine/workflow/trace/trace-file.ts'
import { secretTransformFields } from '../../src/main/engine/workflow/transforms/secret-fields.ts'

export interface RunPlan {
  readonly workflow: Workflow
  readonly payload: Readonly<Record<string, string>>
  readonly stores: Stores
  /** Where the trace goes; null: nowhere. */
  readonly traceFolder: string | null
  readonly evidence: boolean
}

let number = 0

/** Runs a workflow once, with everything that is written, and says how many milliseconds it took. Throws unless it succeeds. */
export async function timedRun({ workflow, payload, stores, traceFolder, evidence }: RunPlan): Promise<number> {
  number += 1
  const traceId = `T${number}`
  const began = performance.now()
  using trace = traceFolder === null ? null : new TraceFile(join(traceFolder, `${traceId}.jsonl`))
  const ports: RunPorts = {
    ...{ clock: systemClock, entropy: systemEntropy, stores, mail: null },
    trace: trace ?? { write: () => undefined },
    openNestedTrace: () => {
      throw new Error('this workflow starts no other')
    },
  }
  const recording = {
    secrets: secretTransformFields,
    open: () => new EvidenceFile(join(traceFolder ?? '', `${traceId}.evidence.ndjson`)),
  }
  const run = runWorkflow(workflow, object(payload), evidence ? { ...ports, recording } : ports, { traceId })
  const { status } = await run
  trace?.flush()
  const took = performance.now() - began
  if (status !== 'SUCCESS') throw new Error(`the run ended with ${status}`)
  return took
}
