import type { JsonObject, JsonValue } from '../../json/value.ts'
import type { Resolver } from './template.ts'
import { keysAfter, walkKeys } from './walk.ts'

/** What the inputs of a step can reach. */
export interface StepScope {
  /** The inputs of the contract. */
  readonly inputs: JsonObject
  /** Step id: what an earlier step gave, with its raw result under `capability_result`. */
  readonly steps: ReadonlyMap<string, JsonObject>
}

/** What the outputs of a step can reach. */
export interface OutputScope {
  /** The raw result of the step itself. */
  readonly raw: JsonObject
  readonly steps: ReadonlyMap<string, JsonObject>
}

/** `$.inputs.` reaches the inputs of the contract, `$.results.<step id>.` what an earlier step gave. */
export function compileStepInputPath(text: string): Resolver<StepScope> | null {
  if (text.startsWith('$.inputs.')) {
    const keys = keysAfter(text, '$.inputs.')
    return ({ inputs }) => walkKeys(inputs, keys)
  }
  return compileStepResultPath(text)
}

/**
 * Compiles the outputs of a step. Only a text that stands directly under an output's name is resolved: objects and lists
 * are taken as they are, as the reference does.
 */
export function compileOutputs(outputs: JsonObject): (scope: OutputScope) => Map<string, JsonValue> {
  const entries = [...outputs].map(([name, value]) => {
    const path = typeof value === 'string' ? compileStepOutputPath(value) : null
    return [name, path ?? (() => value)] as const
  })
  return (scope) => {
    const fragment = new Map<string, JsonValue>()
    for (const [name, resolve] of entries) fragment.set(name, resolve(scope))
    return fragment
  }
}

/** `$.capability_result.` and any other `$.` reach the raw result, `$.results.<step id>.` an earlier step. */
function compileStepOutputPath(text: string): Resolver<OutputScope> | null {
  const earlier = compileStepResultPath(text)
  if (earlier !== null) return earlier
  for (const prefix of ['$.capability_result.', '$.']) {
    if (!text.startsWith(prefix)) continue
    const keys = keysAfter(text, prefix)
    return ({ raw }) => walkKeys(raw, keys)
  }
  return null
}

function compileStepResultPath(text: string): Resolver<{ readonly steps: ReadonlyMap<string, JsonObject> }> | null {
  if (!text.startsWith('$.results.')) return null
  const [stepId = '', ...keys] = keysAfter(text, '$.results.')
  return keys.length === 0 ? () => null : ({ steps }) => walkKeys(steps.get(stepId), keys)
}
