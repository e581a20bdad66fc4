import { GuardhouseError } from '../../shared/errors.ts'
import type { OperationTags } from '../../shared/model/operation.ts'
import { type RegisteredOperation, registryKey, type TokenRequest } from '../../shared/model/runtime.ts'
import { type CallOptions, type OperationOptions, readCallOptions, readOperationOptions } from './operation-options.ts'
import { installedRuntime } from './runtime.ts'
import { TaskToken } from './task-token.ts'

/** A guarded operation: calling it makes a token and runs nothing here. */
export interface Guarded<Arguments extends readonly unknown[], Value> {
  (...parameters: Arguments): TaskToken<Value>
  readonly operationType: string
  readonly tags: OperationTags
  /** The same operation with deadlines or transferred buffers for the calls made through it. */
  withOptions(options: CallOptions): (...parameters: Arguments) => TaskToken<Value>
}

/** What `taskTokenGuard(options)` returns: a wrapper of functions that is also a standard method decorator. */
export interface TaskTokenGuard {
  // Inferred as one type, not as parameters and result: only so do parameters with a default value keep their type.
  <Operation extends AnyFunction>(operation: Operation): Guarded<Parameters<Operation>, Awaited<ReturnType<Operation>>>
  /**
   * As a decorator it takes async methods only: a decorator cannot change a method's type, and a TaskToken can stand for a
   * Promise but not for a plain value. `TaskToken.of(call)` gives the token's own type back.
   */
  <This, Arguments extends unknown[], Value>(
    method: (this: This, ...parameters: Arguments) => Promise<Value>,
    context: ClassMethodDecoratorContext<This, (this: This, ...parameters: Arguments) => Promise<Value>>,
  ): (this: This, ...parameters: Arguments) => TaskToken<Value>
}

type AnyFunction = (...parameters: never[]) => unknown

/**
 * Declares an operation.
 *
 * As wrapper: `export const resize = taskTokenGuard({ operationType: 'image.resize' })((path: string) => …)`.
 * As TC39 standard decorator: `@taskTokenGuard({ operationType: 'image.resize' }) static async resize(path: string) { … }`.
 *
 * In a worker `this` is undefined for a wrapped function, the class for a static method, and for an instance method one
 * instance per worker, made with `new Class()` at the first call; its class must be exported. The instance that the caller
 * used never reaches the worker.
 *
 * Throws `bad-request` at declaration when an option is unknown or out of its range.
 */
export function taskTokenGuard(options: OperationOptions): TaskTokenGuard {
  const { operationType, tags } = readOperationOptions(options)
  const declaredAt = stackOf(taskTokenGuard)
  const guard = (operation: unknown, decoration?: unknown) => {
    if (typeof operation !== 'function' || 'operationType' in operation) throw notAFunction(operation, operationType)
    const run = operation as AnyFunction
    const receiver = decoration === undefined ? noReceiver : receiverOfMethod(decoration, operationType)
    register({ operationType, tags, run, receiver, declaredAt })
    return guardedFunction(operationType, tags, run)
  }
  return guard as TaskTokenGuard
}

function guardedFunction(operationType: string, tags: OperationTags, run: AnyFunction): Guarded<unknown[], unknown> {
  const call = (...parameters: unknown[]) => submit({ operationType, arguments: parameters })
  const withOptions = (options: CallOptions) => {
    const read = readCallOptions(options, operationType)
    return (...parameters: unknown[]) => submit({ operationType, arguments: parameters, ...read })
  }
  Object.defineProperty(call, 'name', { value: run.name })
  return Object.assign(call, { operationType, tags, withOptions })
}

function submit(request: TokenRequest): TaskToken<unknown> {
  const { operationType } = request
  const runtime = installedRuntime()
  if (runtime === undefined) {
    throw new GuardhouseError('no-coordinator', `'${operationType}' was called, but no Guardhouse is connected`, {
      hint: "Start one with `npx guardhouse serve` and run `await connect()` from 'guardhouse' before the call.",
    })
  }
  const position = request.arguments.findIndex((argument) => argument instanceof TaskToken)
  if (position >= 0) {
    throw new GuardhouseError('not-cloneable', `argument ${position + 1} of '${operationType}' is a TaskToken`, {
      hint: 'Await it and pass its result.',
    })
  }
  return new TaskToken(operationType, runtime.submit(request))
}

function register(operation: RegisteredOperation): void {
  const holder = globalThis as { [registryKey]?: Map<string, RegisteredOperation> }
  holder[registryKey] ??= new Map()
  holder[registryKey].set(operation.operationType, operation)
}

function noReceiver(): undefined {
  return undefined
}

/** What `this` will be for a decorated method. Throws `bad-request` for what cannot be guarded. */
function receiverOfMethod(decoration: unknown, operationType: string): () => unknown {
  if (typeof decoration !== 'object' || decoration === null || !('kind' in decoration)) {
    throw new GuardhouseError('bad-request', `'${operationType}' is decorated in the legacy way`, {
      hint: 'Guardhouse uses standard decorators: remove experimentalDecorators from tsconfig.json.',
    })
  }
  const context = decoration as ClassMethodDecoratorContext
  if (context.kind !== 'method' || context.private) {
    const what = context.kind === 'method' ? 'a private method' : `a ${context.kind}`
    throw new GuardhouseError('bad-request', `'${operationType}' decorates ${what}`, {
      hint: 'Only public methods, static or not, can be operations.',
    })
  }
  if (!context.static) return instanceUnknown(operationType)
  let owner: unknown
  context.addInitializer(function (this: unknown) {
    owner = this
  })
  return () => owner
}

/**
 * A decorator of an instance method never sees the class. Whoever imports the module does, through its exports, and puts
 * a better receiver into the registry; this one is left when the class is not exported.
 */
function instanceUnknown(operationType: string): () => never {
  return () => {
    throw new GuardhouseError('module-failed', `the class of the instance method '${operationType}' is not exported`, {
      hint: 'Export the class, or make the method static.',
    })
  }
}

function notAFunction(operation: unknown, operationType: string): GuardhouseError {
  const what = typeof operation === 'function' ? 'a function that is already guarded' : `a ${typeof operation}`
  return new GuardhouseError('bad-request', `'${operationType}' wraps ${what}`, {
    hint: "Write taskTokenGuard({ operationType: 'name' })(function) with a plain or async function.",
  })
}

/** The stack above `inner`, first line included, as V8 writes it. */
function stackOf(inner: (...parameters: never[]) => unknown): string {
  const holder: { stack?: string } = {}
  Error.captureStackTrace(holder, inner)
  return holder.stack ?? ''
}
