import { describeBare, isTruthy } from '../../json/describe.ts'
import { emptyObject, type JsonObject, type JsonValue } from '../../json/value.ts'
import type { OperationCall, SideEffectPorts } from '../side-effects/side-effect.ts'
import type { RunTrace } from '../trace/run-trace.ts'
import type { DomainPlan, PlannedContract, PlannedStep } from './domain-plan.ts'

/** What one visit of a contract, or one step, came to. */
export interface ContractOutcome {
  readonly status: string
  readonly surface: JsonObject
}

/** What a step did, for whoever wants to know more than the trace says. */
export interface StepReport {
  readonly contract: PlannedContract
  readonly step: PlannedStep
  readonly inputs: JsonObject
  readonly status: string
  readonly result: JsonObject
  /** Why a transform failed; the trace of the reference does not say. */
  readonly failure: unknown
}

/** What the contracts of a run share. */
export interface ContractRun {
  readonly plan: DomainPlan
  /** Address of the set of bindings whose policies apply. */
  readonly binding: number
  readonly ports: SideEffectPorts
  readonly trace: RunTrace
  /** Throws when the run has to stop. */
  checkpoint(): void
  onStep?(report: StepReport): void
}

/** Inputs that name a store are for the engine, and no result. */
const storeKeys = ['__store__', '__pgs_store_entity__']

/** Runs the steps of a contract in order, up to one whose status says `exit`. The status is that of the last step. */
export async function runContract(
  run: ContractRun,
  contract: PlannedContract,
  inputs: JsonObject,
): Promise<ContractOutcome> {
  run.trace.contractStart(contract, inputs)
  const surface = new Map<string, JsonValue>()
  const steps = new Map<string, JsonObject>()
  let status = 'SUCCESS'
  for (const step of contract.steps) {
    run.checkpoint()
    const stepInputs = step.resolveInputs({ inputs, steps })
    // Most steps are transforms: only what really waits is waited for.
    const outcome =
      step.operation === null
        ? runTransform(run, contract, step, stepInputs)
        : await runSideEffect(run, contract, step, step.operation, stepInputs)
    status = outcome.status
    const fragment = step.mapOutputs({ raw: outcome.raw, steps })
    for (const [name, value] of fragment) surface.set(name, value)
    if (step.stepId !== '') steps.set(step.stepId, fragment.set('capability_result', outcome.raw))
    run.trace.step(step.printed)
    if (step.onResult.get(status) === 'exit') break
  }
  for (const [name, value] of inputs) {
    if (!surface.has(name) && !storeKeys.includes(name)) surface.set(name, value)
  }
  run.trace.contractComplete(contract, status, surface)
  return { status, surface }
}

interface StepOutcome {
  readonly status: string
  readonly raw: JsonObject
}

/** Whatever goes wrong inside a transform is a VIOLATION; only one that the tables do not know stops the run. */
function runTransform(run: ContractRun, contract: PlannedContract, step: PlannedStep, inputs: JsonObject): StepOutcome {
  if (step.program === null) {
    throw new Error(`CT addr ${step.address} not found in handlers \u2014 snapshot may be stale`)
  }
  try {
    const raw = step.program.run(inputs, run.ports)
    run.onStep?.({ contract, step, inputs, status: 'SUCCESS', result: raw, failure: null })
    return { status: 'SUCCESS', raw }
  } catch (failure) {
    run.onStep?.({ contract, step, inputs, status: 'VIOLATION', result: emptyObject, failure })
    return { status: 'VIOLATION', raw: emptyObject }
  }
}

async function runSideEffect(
  run: ContractRun,
  contract: PlannedContract,
  step: PlannedStep,
  operation: string,
  inputs: Map<string, JsonValue>,
): Promise<StepOutcome> {
  const planned = run.plan.sideEffect(step.address, run.binding, run.ports.stores.dataRoot)
  const sideEffect = planned.factory(planned, run.ports)
  const raw = await sideEffect(operation, operationCall(inputs))
  const status = describeBare(raw.get('result_status') ?? 'SUCCESS')
  run.onStep?.({ contract, step, inputs, status, result: raw, failure: null })
  return { status, raw }
}

/** Takes the name of a store out of the inputs. */
function operationCall(inputs: Map<string, JsonValue>): OperationCall {
  const store = inputs.get('__store__')
  const entity = isTruthy(store) ? store : inputs.get('__pgs_store_entity__')
  for (const key of storeKeys) inputs.delete(key)
  return { inputs, entity: entity === undefined || entity === null ? null : describeBare(entity) }
}
