import { GuardhouseError } from '../../shared/errors.ts'
import { type OperationContext, type OperationRuntime, runtimeKey } from '../../shared/model/runtime.ts'

interface GlobalWithRuntime {
  [runtimeKey]?: OperationRuntime | undefined
}

/** Whatever runs operations for this thread or program now; undefined when nothing does. */
export function installedRuntime(): OperationRuntime | undefined {
  return (globalThis as GlobalWithRuntime)[runtimeKey]
}

export function installRuntime(runtime: OperationRuntime | undefined): void {
  const holder = globalThis as GlobalWithRuntime
  holder[runtimeKey] = runtime
}

/**
 * The operation that runs here and now: its token, signal, log and progress.
 * Throws `conflict` outside of a running operation.
 */
export function context(): OperationContext {
  const running = installedRuntime()?.context() ?? null
  if (running !== null) return running
  throw new GuardhouseError('conflict', 'context() was called outside of a running operation', {
    hint: 'Call it inside the function that taskTokenGuard wraps, while that function runs.',
  })
}
