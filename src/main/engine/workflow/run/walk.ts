import { setImmediate as nextTurn } from 'node:timers/promises'
import { GuardhouseError } from '../../../../shared/errors.ts'
import { emptyObject, type JsonObject, type JsonValue } from '../../json/value.ts'
import type { Redactor } from '../secrets/redactor.ts'
import { messageOf, type SideEffectPorts, type WorkflowOutcome } from '../side-effects/side-effect.ts'
import type { NodeReference, WorkflowEntry } from '../snapshot/dispatch-table.ts'
import type { DomainSnapshot } from '../snapshot/load.ts'
import { RunTrace, type TraceSink } from '../trace/run-trace.ts'
import type { Capabilities } from './capabilities.ts'
import { type ContractRun, runContract, type StepRunner } from './contract-run.ts'
import { type DomainPlan, type PlannedContract, planFor } from './domain-plan.ts'
import { payloadObject } from './payload.ts'
import type { NodeLeft, NodeVisit, RunObserver } from './run-observer.ts'
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
  /** Called before every node and every step; what it throws stops the run. */
  readonly interrupt?: () => void
  /** Asked where the reference says yes to everything. */
  readonly gate?: Gate
  readonly observer?: RunObserver
  /** Takes what a person declared to be secret out of the trace as well, which then is no longer the reference's. */
  readonly traceRedactor?: Redactor
  /** Left out: every step runs in its place. */
  readonly stepRunner?: StepRunner
}

/** Decides who may enter. */
export interface Gate {
  /** Null admits the run; a text is the status with which it ends at once. */
  admit(workflow: Workflow, payload: JsonObject): string | null
  /** The status of a boundary node, such as ACK or NACK. */
  boundary(node: NodeReference, payload: JsonObject): string
}

const openGate: Gate = { admit: () => null, boundary: () => 'ACK' }

// A run of nothing but transforms would never let the event loop turn, and could never be stopped.
const turnMilliseconds = 10

/** The workflow of a full name. Throws when the domain's vocabulary does not have it. */
export function findWorkflow(snapshot: DomainSnapshot, name: string): Workflow {
  const address = snapshot.vocabulary.addressOf(name)
  if (address === null) {
    throw new GuardhouseError('not-found', `WF FQDN not in vocab: '${name}'`, {
      hint: `the names of the domain stand in ${snapshot.files.reverse.path}`,
    })
  }
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
  return await new Walk(workflow, ports, options).run(payload)
}

/** One run. */
class Walk {
  readonly #workflow: Workflow
  readonly #options: WalkOptions
  readonly #trace: RunTrace
  readonly #plan: DomainPlan
  readonly #ports: WalkPorts
  readonly #pace: Pace
  readonly #observer: RunObserver
  readonly #results = new Map<number, JsonObject>()
  #last: NodeReference | null = null

  constructor(workflow: Workflow, ports: WalkPorts, options: WalkOptions) {
    const { traceId, traceRedactor = null } = options
    this.#workflow = workflow
    this.#ports = ports
    this.#options = options
    const subject = { traceId, domain: workflow.snapshot.domain, workflow }
    this.#trace = new RunTrace(subject, ports.trace, ports.clock, traceRedactor)
    this.#plan = planFor(workflow.snapshot, ports.capabilities)
    this.#pace = new Pace(ports, options)
    this.#observer = options.observer ?? {}
  }

  async run(payload: JsonValue): Promise<WorkflowOutcome> {
    let outcome: WorkflowOutcome
    try {
      outcome = await this.#walk(payload)
      this.#trace.workflowComplete(outcome.status)
    } catch (error) {
      this.#trace.error(messageOf(error))
      this.#end(null, emptyObject, error)
      throw error
    }
    this.#end(outcome.status, outcome.surface, null)
    return outcome
  }

  #end(status: string | null, surface: JsonObject, error: unknown): void {
    this.#observer.ended?.({ status, surface, error, last: this.#last, at: this.#trace.lastTime })
  }

  async #walk(payloadValue: JsonValue): Promise<WorkflowOutcome> {
    const { binding, start } = entryOf(this.#workflow)
    const payload = payloadObject(payloadValue)
    const gate = this.#options.gate ?? openGate
    const run = this.#contractRun(binding)
    this.#trace.workflowStart(payload)
    const turnedAway = gate.admit(this.#workflow, payload)
    this.#observer.started?.({ payload, turnedAway, at: this.#trace.lastTime })
    let status = turnedAway ?? 'SUCCESS'
    let surface = emptyObject
    let node = turnedAway === null ? start : null
    for (let visit = 0; node !== null; visit += 1) {
      requireHop(visit, this.#workflow, this.#options)
      await this.#pace.turn()
      this.#last = node
      const contract = this.#plan.contract(node.address)
      if (contract === null) {
        this.#observer.nodeEntered?.({ ...this.#visit(visit, node, null), inputs: emptyObject })
        status = gate.boundary(node, payload)
      } else {
        const inputs = this.#enter(visit, node, contract, payload)
        ;({ status, surface } = await runContract(run, contract, visit, inputs))
        this.#trace.contractComplete(contract, status, surface)
        this.#results.set(node.address, surface)
      }
      node = this.#leave(visit, node, contract, status, contract === null ? emptyObject : surface)
    }
    return { status, surface }
  }

  #contractRun(binding: number): ContractRun {
    const { observer } = this.#options
    return {
      plan: this.#plan,
      binding,
      ports: this.#ports,
      trace: this.#trace,
      stepRunner: this.#options.stepRunner ?? null,
      onStep: observer?.stepEnded === undefined ? null : (report) => observer.stepEnded?.(report),
      checkpoint: () => this.#pace.checkpoint(),
    }
  }

  #enter(visit: number, node: NodeReference, contract: PlannedContract, payload: JsonObject): JsonObject {
    const inputs = this.#plan.inputs(this.#workflow.address, node, { payload, results: this.#results })
    this.#trace.contractStart(contract, inputs)
    this.#observer.nodeEntered?.({ ...this.#visit(visit, node, contract), inputs })
    return inputs
  }

  #leave(
    visit: number,
    node: NodeReference,
    contract: PlannedContract | null,
    status: string,
    surface: JsonObject,
  ): NodeReference | null {
    const next = this.#plan.next(this.#workflow.address, node, status)
    const left: NodeLeft = { ...this.#visit(visit, node, contract), status, surface, next }
    this.#observer.nodeLeft?.(left)
    return next
  }

  #visit(visit: number, node: NodeReference, contract: PlannedContract | null): NodeVisit {
    return { visit, node, contract, at: this.#trace.lastTime }
  }
}

function entryOf(workflow: Workflow): WorkflowEntry & { readonly binding: number } {
  const entry = workflow.snapshot.dispatch.entries.get(workflow.address)
  if (entry === undefined) {
    throw new GuardhouseError(
      'not-found',
      `No entry point for WF '${workflow.name}' (addr ${workflow.address}) \u2014 snapshot may be stale or domain mismatch`,
      { hint: `the entries stand in ${workflow.snapshot.files.dispatch.path}` },
    )
  }
  if (entry.binding === null) {
    const hint = `entry.${workflow.address}.rb is missing in ${workflow.snapshot.files.dispatch.path}`
    throw new GuardhouseError('bad-request', "'rb'", { hint })
  }
  return { start: entry.start, binding: entry.binding }
}

function requireHop(hops: number, { name }: Workflow, { hopLimit }: WalkOptions): void {
  if (typeof hopLimit !== 'number' || hops < hopLimit) return
  throw new Error(`WF '${name}' exceeded ${hopLimit} topology hops \u2014 possible cycle in compiled routing`)
}

/** Stops a run when it is asked to or its time is over, and lets others have their turn. */
class Pace {
  readonly #now: () => number
  readonly #signal: AbortSignal | undefined
  readonly #interrupt: (() => void) | undefined
  readonly #limit: number | undefined
  readonly #start: number
  #turnedAt: number

  constructor({ clock }: WalkPorts, { signal, interrupt, timeLimitMilliseconds }: WalkOptions) {
    this.#now = () => clock.elapsedMilliseconds()
    this.#signal = signal
    this.#interrupt = interrupt
    this.#limit = timeLimitMilliseconds
    this.#start = this.#now()
    this.#turnedAt = this.#start
  }

  checkpoint(): void {
    this.#interrupt?.()
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
