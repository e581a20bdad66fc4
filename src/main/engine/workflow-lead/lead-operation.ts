import { GuardhouseError } from '../../../shared/errors.ts'
import type { OperationTags } from '../../../shared/model/operation.ts'
import {
  type OperationContext,
  type OperationRuntime,
  type RegisteredOperation,
  registryKey,
  runtimeKey,
} from '../../../shared/model/runtime.ts'

interface Surroundings {
  [registryKey]?: Map<string, RegisteredOperation>
  [runtimeKey]?: OperationRuntime
}

/**
 * Declares an operation of the host itself, in the way in which modules of a workspace declare theirs. The engine does not
 * import the SDK: both meet under the same symbols.
 */
export function leadOperation<Input, Value>(
  operationType: string,
  tags: OperationTags,
  run: (input: Input) => Promise<Value>,
): { readonly operationType: string } {
  const surroundings = globalThis as Surroundings
  surroundings[registryKey] ??= new Map()
  const operation = Object.assign((input: Input) => run(input), { operationType })
  surroundings[registryKey].set(operationType, {
    operationType,
    tags,
    run: operation as RegisteredOperation['run'],
    receiver: () => undefined,
    declaredAt: '',
  })
  return operation
}

/** What the operation that runs here and now can see. Throws `internal` outside of one. */
export function leadSurroundings(): { readonly runtime: OperationRuntime; readonly context: OperationContext } {
  const runtime = (globalThis as Surroundings)[runtimeKey]
  const context = runtime?.context() ?? null
  if (runtime !== undefined && context !== null) return { runtime, context }
  throw new GuardhouseError('internal', 'a lead of a workflow ran outside of a worker')
}
