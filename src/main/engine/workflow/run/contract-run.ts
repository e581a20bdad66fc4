import { GuardhouseError } from '../../../../shared/errors.ts'
import { describeBare, isTruthy } from '../../json/describe.ts'
import { emptyObject, type JsonObject, type JsonValue } from '../../json/value.ts'
import type { OperationCall, SideEffectPorts } from '../side-effects/side-effect.ts'
import { StoreOutside } from '../stores/file-stores.ts'
import type { RunTrace } from '../trace/run-trace.ts'
import type { DomainPlan, PlannedContract, PlannedStep } from './domain-plan.ts'
import type { StepEnded } from './run-observer.ts'

/** What one visit of a contract came to. */
export interface ContractOutcome {
  readonly status: string
  readonly surface: JsonObject
}

/** What one step came to. */
export interface StepOutcome {
  readonly status: string
  readonly raw: JsonObject
  /** Why a transform failed; undefined when it did not. */
  readonly failure?: unknown
}

/** A step that is about to run. */
export interface StepCall {
  readonly visit: number
  /** Counts the steps of the visit from 0. */
  readonly index: number
  readonly contract: PlannedContract
  readonly step: PlannedStep
  readonly inputs: JsonObject
}

/** Runs a step where it does not simply run in its place; `here` would. What it throws stops the run. */
export type StepRunner = (
  call: StepCall,
  here: () => StepOutcome | Promise<StepOutcome>,
) => StepOutcome | Promise<StepOutcome>

/** What the contracts of a run share. */
export interface ContractRun {
  readonly plan: DomainPlan
  /** Address of the set of bindings whose policies apply. */
  readonly binding: number
  readonly ports: SideEffectPorts
  readonly trace: RunTrace
  /** Null: every step runs in its place. */
  readonly stepRunner: StepRunner | null
  /** Null: nobody listens. */
  readonly onStep: ((report: StepEnded) => void) | null
  /** Throws when the run has to stop. */
  checkpoint(): void
}

/** Inputs that name a store are for the engine, and no result. */
const storeKeys = ['__store__', '__pgs_store_entity__']

/**
 * Runs the steps of a contract in order, up to one whose status says `exit`. The status is that of the last step. The
 * trace already has the contract's start.
 */
export async function runContract(
  run: ContractRun,
  contract: PlannedContract,
  visit: number,
  inputs: JsonObject,
): Promise<ContractOutcome> {
  const surface = new Map<string, JsonValue>()
  const steps = new Map<string, JsonObject>()
  let status = 'SUCCESS'
  let index = -1
  for (const step of contract.steps) {
    index += 1
    run.checkpoint()
    const call = { visit, index, contract, step, inputs: step.resolveInputs({ inputs, steps }) }
    // Most steps are transforms: only what really waits is waited for.
    const started = startStep(run, call)
    const outcome = started instanceof Promise ? await started : started
    status = outcome.status
    const fragment = step.mapOutputs({ raw: outcome.raw, steps })
    for (const [name, value] of fragment) surface.set(name, value)
    const at = run.trace.step(step.printed)
    if (run.onStep !== null) report(run.onStep, call, outcome, fragment, at)
    if (step.stepId !== '') steps.set(step.stepId, fragment.set('capability_result', outcome.raw))
    if (step.onResult.get(status) === 'exit') break
  }
  for (const [name, value] of inputs) {
    if (!surface.has(name) && !storeKeys.includes(name)) surface.set(name, value)
  }
  return { status, surface }
}

function startStep(run: ContractRun, call: StepCall): StepOutcome | Promise<StepOutcome> {
  try {
    const { stepRunner } = run
    const started = stepRunner === null ? runHere(run, call) : stepRunner(call, () => runHere(run, call))
    return started instanceof Promise ? started.catch((error: unknown) => stopped(run, call, error)) : started
  } catch (error) {
    return stopped(run, call, error)
  }
}

/** A step that throws stops the run; whoever listens hears what it was given. */
function stopped(run: ContractRun, call: StepCall, failure: unknown): never {
  const { lastTime } = run.trace
  run.onStep?.({ ...call, status: 'ERROR', result: null, output: emptyObject, failure, at: lastTime })
  throw failure
}

function report(
  onStep: (report: StepEnded) => void,
  call: StepCall,
  outcome: StepOutcome,
  output: JsonObject,
  at: bigint,
): void {
  const { visit, index, contract, step, inputs } = call
  const { status, raw, failure = null } = outcome
  onStep({ visit, index, contract, step, inputs, status, result: raw, output, failure, at })
}

function runHere(run: ContractRun, { step, inputs }: StepCall): StepOutcome | Promise<StepOutcome> {
  return step.operation === null ? runTransform(run, step, inputs) : runSideEffect(run, step, step.operation, inputs)
}

/** Whatever goes wrong inside a transform is a VIOLATION; only one that the tables do not know stops the run. */
function runTransform(run: ContractRun, step: PlannedStep, inputs: JsonObject): StepOutcome {
  if (step.program === null) {
    throw new Error(`CT addr ${step.address} not found in handlers \u2014 snapshot may be stale`)
  }
  try {
    return { status: 'SUCCESS', raw: step.program.run(inputs, run.ports) }
  } catch (failure) {
    return { status: 'VIOLATION', raw: emptyObject, failure }
  }
}

function runSideEffect(
  run: ContractRun,
  step: PlannedStep,
  operation: string,
  inputs: JsonObject,
): StepOutcome | Promise<StepOutcome> {
  const planned = run.plan.sideEffect(step.address, run.binding, run.ports.stores.dataRoot)
  const raw = atPolicy(run, step, () => planned.factory(planned, run.ports)(operation, operationCall(inputs)))
  return raw instanceof Promise ? raw.then(outcomeOf) : outcomeOf(raw)
}

/** Names the place of a policy that leads out of the data root. */
function atPolicy<Result>(run: ContractRun, step: PlannedStep, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof StoreOutside)) throw error
    const { path } = run.plan.snapshot.files.handlers
    const place = `rb_policy.${run.binding}.${step.address} in ${path}`
    throw new GuardhouseError('not-allowed', `${error.message}, by ${place}`, { cause: error, hint: error.hint })
  }
}

function outcomeOf(raw: JsonObject): StepOutcome {
  return { status: describeBare(raw.get('result_status') ?? 'SUCCESS'), raw }
}

/** Takes the name of a store out of the inputs. */
function operationCall(given: JsonObject): OperationCall {
  const store = given.get('__store__')
  const entity = isTruthy(store) ? store : given.get('__pgs_store_entity__')
  const inputs = new Map(given)
  for (const key of storeKeys) inputs.delete(key)
  return { inputs, entity: entity === undefined || entity === null ? null : describeBare(entity) }
}
