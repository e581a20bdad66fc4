import { GuardhouseError } from '../../../shared/errors.ts'
import type { RegisteredOperation } from '../../../shared/model/runtime.ts'
import { importOperations, operationRegistry } from '../workspace/import-operations.ts'
import type { WorkerOperation } from './worker-protocol.ts'

/** Imports the module of an operation into this thread. Throws `module-failed`. */
export async function loadOperation({ operationType, moduleUrl }: WorkerOperation): Promise<RegisteredOperation> {
  try {
    await importOperations(moduleUrl)
  } catch (error) {
    throw new GuardhouseError(
      'module-failed',
      `the module of ${operationType} does not load: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    )
  }
  const registered = operationRegistry().get(operationType)
  if (registered !== undefined) return registered
  throw new GuardhouseError('module-failed', `the module loads, but declares no operation ${operationType}`, {
    hint: 'Was it renamed? Reload the workspace.',
  })
}
