import { describeBare } from '../../json/describe.ts'
import type { SettledCall, WorkflowCall, WorkflowExecutor, WorkflowOutcome } from '../side-effects/side-effect.ts'
import type { DomainSnapshot } from '../snapshot/load.ts'
import type { TraceSink } from '../trace/run-trace.ts'
import { traceIdFor, workflowCode } from '../trace/trace-id.ts'
import { type Recording, recordedWalk } from './recorded-walk.ts'
import { findWorkflow, type WalkOptions, type WalkPorts, type Workflow } from './walk.ts'

/** Opens the trace of the n-th nested run, counted from 1 in the order in which they start. */
export type OpenNestedTrace = (number: number, code: string) => TraceSink & Disposable

/** What nested runs take over from the run that started them. */
export type NestedSettings = Omit<WalkOptions, 'traceId' | 'observer'>

/**
 * Runs nested workflows in the domain of the run that asks, over the same ports, each with a trace of its own. Those that
 * are started together run one after the other, so that the result repeats.
 */
export class NestedRuns {
  readonly #snapshot: DomainSnapshot
  readonly #ports: Omit<WalkPorts, 'executor' | 'trace'>
  readonly #openTrace: OpenNestedTrace
  readonly #recording: Recording | null
  readonly #settings: NestedSettings
  #started = 0

  constructor(
    snapshot: DomainSnapshot,
    ports: Omit<WalkPorts, 'executor' | 'trace'>,
    openTrace: OpenNestedTrace,
    recording: Recording | null,
    settings: NestedSettings,
  ) {
    this.#snapshot = snapshot
    this.#ports = ports
    this.#openTrace = openTrace
    this.#recording = recording
    this.#settings = settings
  }

  /** The executor for a run; `started` is told the trace id of each run that it starts. */
  executorFor(parent: string, started: (traceId: string) => void): WorkflowExecutor {
    const run = (call: WorkflowCall): Promise<WorkflowOutcome> => this.#run(call, parent, started)
    return {
      run,
      async runAll(calls) {
        const settled: SettledCall[] = []
        for (const call of calls) settled.push(await settle(run(call)))
        return settled
      },
    }
  }

  async #run(
    { code, payload }: WorkflowCall,
    parent: string,
    started: (traceId: string) => void,
  ): Promise<WorkflowOutcome> {
    const workflow = workflowOf(this.#snapshot, code)
    this.#started += 1
    const nested = { number: this.#started, code: workflowCode(workflow.name) }
    using trace = this.#openTrace(nested.number, nested.code)
    const wall = this.#ports.clock.wallMicroseconds()
    const traceId = traceIdFor(wall, this.#snapshot.domain, workflow.name, payload)
    started(traceId)
    const ports = { ...this.#ports, trace }
    return await recordedWalk(
      workflow,
      payload,
      ports,
      { ...this.#settings, traceId },
      {
        recording: this.#recording,
        nested,
        parent,
        executor: (startedInside) => this.executorFor(traceId, startedInside),
      },
    )
  }
}

/** A workflow by its address in the domain, or by its full name. */
function workflowOf(snapshot: DomainSnapshot, code: WorkflowCall['code']): Workflow {
  if (typeof code === 'number') return { snapshot, address: code, name: snapshot.vocabulary.nameOf(code) }
  const name = describeBare(code)
  if (snapshot.vocabulary.addressOf(name) === null) throw new Error(`'FQDN not in vocab: ${name}'`)
  return findWorkflow(snapshot, name)
}

async function settle(outcome: Promise<WorkflowOutcome>): Promise<SettledCall> {
  try {
    return { outcome: await outcome }
  } catch (error) {
    return { error }
  }
}
