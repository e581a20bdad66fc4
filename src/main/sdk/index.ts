import type { Connection, ConnectOptions } from './connection.ts'

/**
 * What operation modules and programs import as `guardhouse`. Modules declare operations with `taskTokenGuard`; programs
 * call the same functions after `connect()`.
 */

export { GuardhouseError } from '../../shared/errors.ts'
export type { BusContext, Template, Tuple, TupleInput, TupleValue, WaitOptions } from '../../shared/model/bus.ts'
export type {
  Agent,
  AgentState,
  Batch,
  BatchRequest,
  CallRequest,
  CallRun,
  KernelContext,
  KernelSnapshot,
  RouteRequest,
  ScanPage,
  ScanRequest,
  SpawnRequest,
} from '../../shared/model/kernel.ts'
export type { OperationTags } from '../../shared/model/operation.ts'
export type { ReceiptContext, ReceiptInfo, ReceiptInput } from '../../shared/model/receipt-context.ts'
export type { OperationContext, OperationLog, RuntimeTokenStatus } from '../../shared/model/runtime.ts'
export type { DigestPolicy, HashPolicy, RetryTag, StorageSpeed } from '../../shared/model/tags.ts'
export type { Weight } from '../../shared/model/token.ts'
export { withDiskQuota } from '../engine/throttle/disk-quota.ts'
export type { CallOptions, OperationOptions } from './operation-options.ts'
export type { DeclaredTags } from './operation-tags.ts'
export { RetryableError } from './retryable-error.ts'
export { context } from './runtime.ts'
export { TaskToken, type TaskTokenSettlement } from './task-token.ts'
export { type Guarded, type TaskTokenGuard, taskTokenGuard } from './task-token-guard.ts'
export type { Connection, ConnectOptions }

let connection: Connection | null = null

/**
 * Connects this program to a running Guardhouse; guarded operations called afterwards run there. The connection keeps the
 * program alive until `disconnect()`; `await using connection = await connect()` does that at the end of the block.
 *
 * Rejects with `no-coordinator` when none runs, `not-allowed` for a wrong secret, `disconnected` when nothing answers at
 * `url`, `conflict` when the program is connected already.
 */
export async function connect(options: ConnectOptions = {}): Promise<Connection> {
  // Loaded on demand: workers import this module too, and need neither schemas nor sockets.
  const { openConnection } = await import('./connection.ts')
  connection = await openConnection(options)
  return connection
}

/** Ends the connection that `connect` made. Without one it does nothing. */
export async function disconnect(): Promise<void> {
  await connection?.disconnect()
  connection = null
}
