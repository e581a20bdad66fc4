import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { GuardhouseError } from '../../../shared/errors.ts'
import {
  type OperationRuntime,
  type RegisteredOperation,
  registryKey,
  runtimeKey,
} from '../../../shared/model/runtime.ts'
import { docSentence } from './doc-comment.ts'
import { importOperations } from './import-operations.ts'
import { inspectSource } from './inspect-source.ts'
import { parameterNames } from './parameter-names.ts'
import type { ScannedOperation } from './scan-message.ts'
import { isOperationsModule } from './source-file.ts'
import { type StackFrame, stackFrames } from './source-position.ts'

/** A call while the module loads would run in every thread that loads it, so it is refused in the first one that does. */
export function refuseCallsWhileLoading(): void {
  const runtime: OperationRuntime = {
    submit({ operationType }) {
      throw new GuardhouseError('module-failed', `'${operationType}' was called while its module was loading`, {
        hint: 'Call operations inside other operations or in programs, not at the top level of a module.',
      })
    },
    context: () => null,
  }
  Object.defineProperty(globalThis, runtimeKey, { value: runtime })
}

/**
 * Loads one module into this thread and reads what it declares. Operations that the module only imports from another
 * operations module belong to that one.
 * @throws whatever the module throws; GuardhouseError `module-failed` for declarations that cannot be run.
 */
export async function readDeclarations(moduleUrl: string): Promise<ScannedOperation[]> {
  const registry = new DeclarationRecorder()
  Object.defineProperty(globalThis, registryKey, { value: registry })
  const exported = await importOperations(moduleUrl)
  const modulePath = fileURLToPath(moduleUrl)
  const own = [...registry.values()].filter((operation) => belongsTo(modulePath, operation))
  for (const operationType of registry.declaredTwice) refuseSecondDeclaration(operationType, own)
  if (own.length === 0) {
    throw new GuardhouseError('module-failed', 'the module declares no operation', {
      hint: "Wrap a function: export const resize = taskTokenGuard({ operationType: 'image.resize' })((path) => …).",
    })
  }
  return own.map((operation) => definitionOf(operation, exported.get(operation.operationType), modulePath))
}

/** A registry in which the last declaration wins, as in every thread, but that remembers which names came twice. */
class DeclarationRecorder extends Map<string, RegisteredOperation> {
  readonly declaredTwice = new Set<string>()

  override set(operationType: string, operation: RegisteredOperation): this {
    const earlier = this.get(operationType)
    // The same declaration is set again when its receiver becomes known.
    if (earlier !== undefined && earlier.declaredAt !== operation.declaredAt) this.declaredTwice.add(operationType)
    return super.set(operationType, operation)
  }
}

function refuseSecondDeclaration(operationType: string, own: readonly RegisteredOperation[]): void {
  if (!own.some((operation) => operation.operationType === operationType)) return
  throw new GuardhouseError('module-failed', `the operation '${operationType}' is declared twice`, {
    hint: 'Give one of them another operationType.',
  })
}

function belongsTo(modulePath: string, operation: RegisteredOperation): boolean {
  const frames = stackFrames(operation.declaredAt)
  const declaredHere = frames.some((frame) => frame.path === modulePath)
  return declaredHere || !isOperationsModule(frames[0]?.path ?? '')
}

function definitionOf(
  operation: RegisteredOperation,
  exportName: string | undefined,
  modulePath: string,
): ScannedOperation {
  // Says why when this is an instance method of a class that nobody outside of the module can reach.
  if (exportName === undefined) operation.receiver()
  const frame = declaringFrame(operation, modulePath)
  const text = Function.prototype.toString.call(operation.run)
  return {
    operationType: operation.operationType,
    tags: operation.tags,
    exportName: exportName ?? '',
    position: frame === null ? null : { file: frame.path, line: frame.line, column: frame.column },
    parameters: [...parameterNames(text)],
    inspection: inspectSource(text),
    description: frame === null ? null : docSentence(readFileSync(frame.path, 'utf8'), frame.line, frame.column),
  }
}

/** The outermost frame in the module: where a module declares through a function of its own, that is the declaring statement. */
function declaringFrame(operation: RegisteredOperation, modulePath: string): StackFrame | null {
  const frames = stackFrames(operation.declaredAt)
  return frames.findLast((frame) => frame.path === modulePath) ?? frames[0] ?? null
}
