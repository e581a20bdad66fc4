import { describeBare } from '../../json/describe.ts'
import { emptyObject, isArray, type JsonObject, type JsonValue, objectAt } from '../../json/value.ts'
import { type ProgramScope, resolveArgument } from '../paths/transform-path.ts'
import { keysAfter, walkKeys } from '../paths/walk.ts'
import { TransformError } from './transform.ts'

/** An atom that is called once per item of a list, with values that it carries from call to call. */
export interface LoopPlan {
  readonly over: JsonValue
  readonly inputs: JsonObject
  readonly accumulator: JsonObject
  readonly update: JsonObject
}

export function readLoop(loop: JsonObject): LoopPlan {
  return {
    over: loop.get('over') ?? null,
    inputs: objectAt(loop, 'inputs') ?? emptyObject,
    accumulator: objectAt(loop, 'accumulator') ?? emptyObject,
    update: objectAt(loop, 'update_accumulator') ?? emptyObject,
  }
}

/** The result of the last call; undefined for an empty list. */
export function runLoop(
  plan: LoopPlan,
  scope: ProgramScope,
  call: (inputs: JsonObject) => JsonValue,
): JsonValue | undefined {
  const items = resolveArgument(plan.over, scope)
  if (!isArray(items)) throw new TransformError(`Loop 'over' must resolve to a list: ${describeBare(plan.over)}`)
  const accumulator = new Map<string, JsonValue>()
  for (const [key, initial] of plan.accumulator) accumulator.set(key, resolveArgument(initial, scope))
  let result: JsonValue | undefined
  for (const item of items) {
    result = call(loopInputs(plan, scope, accumulator, item))
    for (const [key, source] of plan.update) {
      if (typeof source !== 'string' || !source.startsWith('$.results.')) continue
      accumulator.set(key, walkKeys(result, keysAfter(source, '$.results.')))
    }
  }
  return result
}

function loopInputs(plan: LoopPlan, scope: ProgramScope, accumulator: JsonObject, item: JsonValue): JsonObject {
  const inputs = new Map<string, JsonValue>()
  for (const [key, argument] of plan.inputs) {
    const value = resolveLoopArgument(argument, scope, accumulator, item)
    // The reference resolves twice: a value that itself looks like a path is followed once more.
    inputs.set(key, resolveArgument(value, scope))
  }
  return inputs
}

function resolveLoopArgument(
  argument: JsonValue,
  scope: ProgramScope,
  accumulator: JsonObject,
  item: JsonValue,
): JsonValue {
  if (typeof argument !== 'string') return argument
  if (argument.startsWith('$.accumulator.')) return walkKeys(accumulator, keysAfter(argument, '$.accumulator.'))
  // The whole item only: what follows the word is ignored.
  if (argument.startsWith('$.iterator')) return item
  return resolveArgument(argument, scope)
}
