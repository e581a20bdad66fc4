import { printText } from '../../json/print.ts'
import type { JsonObject, JsonValue } from '../../json/value.ts'
import { type BindingScope, compileBindingPath } from '../paths/binding-path.ts'
import { compileOutputs, compileStepInputPath, type OutputScope, type StepScope } from '../paths/step-path.ts'
import { compileEntries } from '../paths/template.ts'
import type { SideEffectFactory } from '../side-effects/side-effect.ts'
import { bindingAt, type NodeReference, type StepDeclaration } from '../snapshot/dispatch-table.ts'
import type { DomainSnapshot } from '../snapshot/load.ts'
import { type PrintedStep, printStep, type TracedContract } from '../trace/run-trace.ts'
import { TransformProgram } from '../transforms/program.ts'
import type { Capabilities } from './capabilities.ts'
import { withDataRoot } from './policy.ts'

/** One step of a contract, ready to run. */
export interface PlannedStep {
  readonly stepId: string
  readonly operation: string | null
  readonly address: number
  readonly name: string
  /** Null: the tables do not know it. */
  readonly program: TransformProgram | null
  resolveInputs(scope: StepScope): Map<string, JsonValue>
  mapOutputs(scope: OutputScope): Map<string, JsonValue>
  readonly onResult: JsonObject
  readonly printed: PrintedStep
}

export interface PlannedContract extends TracedContract {
  readonly name: string
  readonly steps: readonly PlannedStep[]
}

export interface PlannedSideEffect {
  readonly factory: SideEffectFactory
  readonly name: string
  readonly config: JsonObject
  readonly metadata: JsonObject
}

/** The tables of a domain in the form in which they are walked; every part is made when it is first needed. */
export class DomainPlan {
  readonly snapshot: DomainSnapshot
  readonly #capabilities: Capabilities
  readonly #contracts = new Map<number, PlannedContract | null>()
  readonly #programs = new Map<number, TransformProgram>()
  readonly #bindings = new Map<string, (scope: BindingScope) => Map<string, JsonValue>>()
  readonly #sideEffects = new Map<string, PlannedSideEffect>()
  readonly #conditions = new Map<string, number>()

  constructor(snapshot: DomainSnapshot, capabilities: Capabilities) {
    this.snapshot = snapshot
    this.#capabilities = capabilities
  }

  /** The contract at an address; null for a boundary node. */
  contract(address: number): PlannedContract | null {
    const known = this.#contracts.get(address)
    if (known !== undefined) return known
    const steps = this.snapshot.dispatch.contracts.get(address)
    const contract = steps === undefined ? null : this.#planContract(address, steps)
    this.#contracts.set(address, contract)
    return contract
  }

  /** Resolves what a contract is given at a place of a workflow. */
  inputs(workflow: number, node: NodeReference, scope: BindingScope): Map<string, JsonValue> {
    const place = `${workflow} ${node.key ?? node.address}`
    let resolve = this.#bindings.get(place)
    if (resolve === undefined) {
      resolve = compileEntries(bindingAt(this.snapshot.dispatch, workflow, node), compileBindingPath)
      this.#bindings.set(place, resolve)
    }
    return resolve(scope)
  }

  /** Where a status leads from a node; null: the run ends there. */
  next(workflow: number, node: NodeReference, status: string): NodeReference | null {
    let condition = this.#conditions.get(status)
    if (condition === undefined) {
      condition = this.snapshot.vocabulary.conditionOf(status)
      this.#conditions.set(status, condition)
    }
    return this.snapshot.dispatch.routing.get(workflow)?.get(node.address)?.get(condition) ?? null
  }

  /** A side effect under a binding set, with its policy over a data root. */
  sideEffect(address: number, binding: number, dataRoot: string): PlannedSideEffect {
    const place = `${address} ${binding} ${dataRoot}`
    const known = this.#sideEffects.get(place)
    if (known !== undefined) return known
    const { sideEffects, policies } = this.snapshot.handlers
    const declaration = sideEffects.get(address)
    if (declaration === undefined) {
      throw new Error(`CS addr ${address} not found in handlers \u2014 snapshot may be stale`)
    }
    const planned = {
      factory: this.#capabilities.sideEffect(declaration.handler),
      name: this.snapshot.vocabulary.nameOf(address),
      config: withDataRoot(policies.get(binding)?.get(address) ?? new Map(), dataRoot),
      metadata: declaration.metadata,
    }
    this.#sideEffects.set(place, planned)
    return planned
  }

  #planContract(address: number, steps: readonly StepDeclaration[]): PlannedContract {
    const name = this.snapshot.vocabulary.nameOf(address)
    return { address, name, printedName: printText(name), steps: steps.map((step) => this.#planStep(address, step)) }
  }

  #planStep(contract: number, step: StepDeclaration): PlannedStep {
    const name = this.snapshot.vocabulary.nameOf(step.address)
    return {
      stepId: step.stepId,
      operation: step.operation,
      address: step.address,
      name,
      program: step.operation === null ? this.#program(step.address) : null,
      resolveInputs: compileEntries(step.inputs, compileStepInputPath),
      mapOutputs: compileOutputs(step.outputs),
      onResult: step.onResult,
      printed: printStep(contract, { address: step.address, operation: step.operation, name }, step.outputs),
    }
  }

  #program(address: number): TransformProgram | null {
    const known = this.#programs.get(address)
    if (known !== undefined) return known
    const source = this.snapshot.handlers.transforms.get(address)
    if (source === undefined) return null
    const program = new TransformProgram(source, this.#capabilities.transform)
    this.#programs.set(address, program)
    return program
  }
}

const plans = new WeakMap<DomainSnapshot, WeakMap<Capabilities, DomainPlan>>()

/** The plan of a domain for some capabilities; it is kept as long as both are. */
export function planFor(snapshot: DomainSnapshot, capabilities: Capabilities): DomainPlan {
  const byCapabilities = plans.get(snapshot) ?? new WeakMap<Capabilities, DomainPlan>()
  plans.set(snapshot, byCapabilities)
  const plan = byCapabilities.get(capabilities) ?? new DomainPlan(snapshot, capabilities)
  byCapabilities.set(capabilities, plan)
  return plan
}
