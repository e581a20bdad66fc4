import { describeBare } from '../../json/describe.ts'
import type { SettledCall, WorkflowCall, WorkflowExecutor, WorkflowOutcome } from '../side-effects/side-effect.ts'
import type { DomainSnapshot } from '../snapshot/load.ts'
import type { TraceSink } from '../trace/run-trace.ts'
import { traceIdFor, workflowCode } from '../trace/trace-id.ts'
import { findWorkflow, type WalkOptions, type WalkPorts, type Workflow, walk } from './walk.ts'

/** Opens the trace of the n-th nested run, counted from 1 in the order in which they start. */
export type OpenNestedTrace = (number: number, code: string) => TraceSink & Disposable

/** What nested runs take over from the run that started them. */
export type NestedSettings = Omit<WalkOptions, 'traceId'>

/**
 * Runs nested workflows in the domain of the run that asks, over the same ports, each with a trace of its own. Those that
 * are started together run one after the other, so that the result repeats.
 */
export function nestedRuns(
  snapshot: DomainSnapshot,
  ports: Omit<WalkPorts, 'executor' | 'trace'>,
  openTrace: OpenNestedTrace,
  settings: NestedSettings,
): WorkflowExecutor {
  let started = 0
  const executor: WorkflowExecutor = {
    async run({ code, payload }) {
      const workflow = workflowOf(snapshot, code)
      started += 1
      using trace = openTrace(started, workflowCode(workflow.name))
      const traceId = traceIdFor(ports.clock.wallMicroseconds(), snapshot.domain, workflow.name, payload)
      return await walk(workflow, payload, { ...ports, executor, trace }, { ...settings, traceId })
    },
    async runAll(calls) {
      const settled: SettledCall[] = []
      for (const call of calls) settled.push(await settle(executor.run(call)))
      return settled
    },
  }
  return executor
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
