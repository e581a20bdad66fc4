import { setImmediate as nextTurn } from 'node:timers/promises'
import { emptyObject, type JsonObject, type JsonValue } from '../../json/value.ts'
import { messageOf, type SideEffectPorts, type WorkflowOutcome } from '../side-effects/side-effect.ts'
import type { NodeReference, WorkflowEntry } from '../snapshot/dispatch-table.ts'
import type { DomainSnapshot } from '../snapshot/load.ts'
import { RunTrace, type TraceSink } from '../trace/run-trace.ts'
import type { Capabilities } from './capabilities.ts'
import { runContract, type StepReport } from './contract-run.ts'
import { type DomainPlan, planFor } from './domain-plan.ts'
import { payloadObject } from './payload.ts'
import { RunStopped } from './run-stopped.ts'

/** A workflow of a loaded domain. */
export interface Workflow {
  readonly snapshot: DomainSnapshot
  readonly address: number
  readonly name: string
}

/** Everything that a run touches. */
export interface WalkPorts extends SideEffectPorts {
  readonly capabilities: Capabilities
  readonly trace: TraceSink
}

export interface WalkOptions {
  readonly traceId: string
  /** How many nodes may be visited, boundary nodes included; null for no limit. The reference stops at 64. */
  readonly hopLimit?: number | null
  readonly timeLimitMilliseconds?: number
  readonly signal?: AbortSignal
  /** Asked where the reference says yes to everything. */
  readonly gate?: Gate
  readonly observer?: RunObserver
}

/** Decides who may enter. */
export interface Gate {
  /** Null admits the run; a text is the status with which it ends at once. */
  admit(workflow: Workflow, payload: JsonObject): string | null
  /** The status of a boundary node, such as ACK or NACK. */
  boundary(node: NodeReference, payload: JsonObject): string
}

/** Told about a run as it goes on. */
export interface RunObserver {
  /** A node was finished; `to` is null where the run ends. */
  nodeLeft?(node: NodeReference, kind: 'contract' | 'boundary', status: string, to: NodeReference | null): void
  stepEnded?(report: StepReport): void
}

const openGate: Gate = { admit: () => null, boundary: () => 'ACK' }

// A run of nothing but transforms would never let the event loop turn, and could never be stopped.
const turnMilliseconds = 10

/** The workflow of a full name. Throws when the domain's vocabulary does not have it. */
export function findWorkflow(snapshot: DomainSnapshot, name: string): Workflow {
  const address = snapshot.vocabulary.addressOf(name)
  if (address === null) throw new Error(`WF FQDN not in vocab: '${name}'`)
  return { snapshot, address, name }
}

/**
 * Walks a workflow from its start node: runs the contract of each node and follows the edge that its status names,
 * until there is none. Rejects with what stopped the run, which the trace then ends with.
 */
export async function walk(
  workflow: Workflow,
  payload: JsonValue,
  ports: WalkPorts,
  options: WalkOptions,
): Promise<WorkflowOutcome> {
  const { traceId } = options
  const trace = new RunTrace({ traceId, domain: workflow.snapshot.domain, workflow }, ports.trace, ports.clock)
  try {
    return await walkNodes(workflow, payload, ports, options, trace)
  } catch (error) {
    trace.error(messageOf(error))
    throw error
  }
}

async function walkNodes(
  workflow: Workflow,
  payloadValue: JsonValue,
  ports: WalkPorts,
  options: WalkOptions,
  trace: RunTrace,
): Promise<WorkflowOutcome> {
  const { binding, start } = entryOf(workflow)
  const payload = payloadObject(payloadValue)
  const plan = planFor(workflow.snapshot, ports.capabilities)
  const gate = options.gate ?? openGate
  const pace = new Pace(ports, options)
  const run = { plan, binding, ports, trace, checkpoint: () => pace.checkpoint(), ...stepListener(options) }
  const results = new Map<number, JsonObject>()
  trace.workflowStart(payload)
  let status = gate.admit(workflow, payload) ?? 'SUCCESS'
  let surface = emptyObject
  let node: NodeReference | null = status === 'SUCCESS' ? start : null
  for (let hops = 0; node !== null; hops += 1) {
    requireHop(hops, workflow, options)
    await pace.turn()
    const contract = plan.contract(node.address)
    if (contract === null) {
      status = gate.boundary(node, payload)
    } else {
      const inputs = plan.inputs(workflow.address, node, { payload, results })
      ;({ status, surface } = await runContract(run, contract, inputs))
      results.set(node.address, surface)
    }
    node = leave(plan, workflow, node, contract === null ? 'boundary' : 'contract', status, options)
  }
  trace.workflowComplete(status)
  return { status, surface }
}

function entryOf(workflow: Workflow): WorkflowEntry & { readonly binding: number } {
  const entry = workflow.snapshot.dispatch.entries.get(workflow.address)
  if (entry === undefined) {
    throw new Error(
      `No entry point for WF '${workflow.name}' (addr ${workflow.address}) \u2014 snapshot may be stale or domain mismatch`,
    )
  }
  if (entry.binding === null) throw new Error("'rb'")
  return { start: entry.start, binding: entry.binding }
}

function requireHop(hops: number, { name }: Workflow, { hopLimit }: WalkOptions): void {
  if (typeof hopLimit !== 'number' || hops < hopLimit) return
  throw new Error(`WF '${name}' exceeded ${hopLimit} topology hops \u2014 possible cycle in compiled routing`)
}

function leave(
  plan: DomainPlan,
  workflow: Workflow,
  node: NodeReference,
  kind: 'contract' | 'boundary',
  status: string,
  { observer }: WalkOptions,
): NodeReference | null {
  const next = plan.next(workflow.address, node, status)
  observer?.nodeLeft?.(node, kind, status, next)
  return next
}

function stepListener({ observer }: WalkOptions): { onStep?: (report: StepReport) => void } {
  return observer?.stepEnded === undefined ? {} : { onStep: (report) => observer.stepEnded?.(report) }
}

/** Stops a run when it is asked to or its time is over, and lets others have their turn. */
class Pace {
  readonly #now: () => number
  readonly #signal: AbortSignal | undefined
  readonly #limit: number | undefined
  readonly #start: number
  #turnedAt: number

  constructor({ clock }: WalkPorts, { signal, timeLimitMilliseconds }: WalkOptions) {
    this.#now = () => clock.elapsedMilliseconds()
    this.#signal = signal
    this.#limit = timeLimitMilliseconds
    this.#start = this.#now()
    this.#turnedAt = this.#start
  }

  checkpoint(): void {
    if (this.#signal?.aborted) throw new RunStopped('killed', 'the run was cancelled')
    if (this.#limit === undefined || this.#now() - this.#start <= this.#limit) return
    throw new RunStopped('timeout', `the run took longer than ${this.#limit} ms`)
  }

  async turn(): Promise<void> {
    this.checkpoint()
    if (this.#now() - this.#turnedAt < turnMilliseconds) return
    await nextTurn()
    this.#turnedAt = this.#now()
    this.checkpoint()
  }
}
