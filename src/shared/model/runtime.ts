import type { BusContext } from './bus.ts'
import type { KernelContext } from './kernel.ts'
import type { OperationTags } from './operation.ts'
import type { ReceiptContext } from './receipt-context.ts'

/**
 * The seam between a user's operation modules and whatever runs them. The SDK finds its surroundings under well-known
 * symbols, so that a module works the same when two copies of the SDK are loaded, and the engine need not import the SDK.
 */

/** globalThis[runtimeKey]: the OperationRuntime of this thread or program. */
export const runtimeKey: unique symbol = Symbol.for('guardhouse.runtime') as never
/** globalThis[registryKey]: Map<operationType, RegisteredOperation> of every operation declared in this thread. */
export const registryKey: unique symbol = Symbol.for('guardhouse.operations') as never

/** What `taskTokenGuard` puts into the registry of its thread. The last declaration of a name wins. */
export interface RegisteredOperation {
  readonly operationType: string
  readonly tags: OperationTags
  /** The undecorated function; `receiver` is what it is called on. */
  readonly run: (...args: never[]) => unknown
  readonly receiver: () => unknown
  /** Stack of the declaration, from which a scan reads the source position. */
  readonly declaredAt: string
}

export interface OperationLog {
  debug(...values: readonly unknown[]): void
  info(...values: readonly unknown[]): void
  warn(...values: readonly unknown[]): void
  error(...values: readonly unknown[]): void
}

/** What a running operation can see and say. */
export interface OperationContext {
  /** Id of the token that runs. */
  readonly token: string
  readonly operationType: string
  /** 1 for the first attempt. */
  readonly attempt: number
  /** Aborts when the token is killed or its time is up. `signal.aborted` is live even inside a loop that never yields. */
  readonly signal: AbortSignal
  readonly log: OperationLog
  /** fraction 0..1. Cheap: only the newest is kept. */
  progress(fraction: number, text?: string): void
  /** The tuple bus. */
  readonly bus: BusContext
  /** Receipts: records of what was done, addressed by their content. */
  readonly receipts: ReceiptContext
  /** Agents, batches and walls over the bus. */
  readonly kernel: KernelContext
}

/** One call on its way to becoming a token. Times in milliseconds. */
export interface TokenRequest {
  readonly operationType: string
  readonly arguments: readonly unknown[]
  readonly timeout?: number | undefined
  readonly queueTimeout?: number | undefined
  /** Show and keep neither arguments nor result: they hold secrets. */
  readonly secret?: boolean | undefined
  /** Moved instead of copied, as in postMessage. */
  readonly transfer?: readonly ArrayBuffer[] | undefined
}

/** Where and when a token ran. Times are nanoseconds of process.hrtime. */
export interface TokenRun {
  readonly id: string
  readonly core: number
  /** Slot of the worker on its core. */
  readonly worker: number
  readonly started: bigint
  readonly ended: bigint
}

/** The runtime's side of a token. */
export interface RuntimeToken {
  /** Resolves when the host has accepted the token; rejects with the reason it did not. */
  readonly accepted: Promise<string>
  /** Settles when the token ends. Must not raise an unhandled rejection when nobody listens. */
  readonly outcome: Promise<unknown>
  status(): Promise<RuntimeTokenStatus>
  /** Known once the token has ended; null when it never ran, or where nobody can tell. */
  run?(): TokenRun | null
  /** True when the token had not ended. */
  kill(reason: string): Promise<boolean>
}

export interface RuntimeTokenStatus {
  readonly id: string
  readonly state: string
  readonly operationType: string
  /** Milliseconds since creation. */
  readonly age: number
  readonly waited: number
  readonly ran: number | null
  /** Number of the core it was placed on; null before that. */
  readonly core: number | null
}

export interface OperationRuntime {
  submit(request: TokenRequest): RuntimeToken
  /** The operation running here and now, or null outside of one. */
  context(): OperationContext | null
}
