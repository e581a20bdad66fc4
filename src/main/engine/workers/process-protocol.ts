import type { ErrorData } from '../../../shared/errors.ts'
import type { Binding } from '../../../shared/model/core.ts'
import type { FromWorker, ToWorker, WorkerOperation } from './worker-protocol.ts'

/** What a worker's thread and its child process say to each other over the channel of the process. */

/** Descriptor of the file in which a process finds aborts while its loop never yields: see `abort-file.ts`. */
export const abortDescriptor = 4

/**
 * Numbers of children and questions that a process gives begin here: its messages go through the port of its thread, which numbers its own
 * from 1.
 */
export const firstProcessNumber = 2 ** 40

export type ToProcess =
  | {
      readonly type: 'start'
      readonly cpu: number
      /** Epoch of the engine's clock as process.hrtime nanoseconds. */
      readonly epoch: bigint
      readonly epochWall: number
      readonly sdkEntry: string
      readonly codeCache: string | undefined
    }
  | {
      readonly type: 'run'
      readonly slot: number
      readonly sequence: number
      readonly attempt: number
      readonly createdAt: number
      readonly operation: WorkerOperation
      /** The arguments, serialised once, before anything was sent. */
      readonly values: Uint8Array
    }
  | { readonly type: 'abort'; readonly sequence: number; readonly error: ErrorData }
  /** What the control thread answers to a message of the process. */
  | { readonly type: 'relay'; readonly message: ToWorker }

export type FromProcess =
  | { readonly type: 'ready'; readonly binding: Binding }
  /** The module is loaded and the operation called: from here on it may have done something. */
  | { readonly type: 'began'; readonly sequence: number }
  | {
      readonly type: 'ended'
      readonly sequence: number
      readonly error: ErrorData | null
      readonly value: Uint8Array | null
    }
  /** What the token waits for, so that the worker may run others meanwhile. */
  | { readonly type: 'waits'; readonly sequence: number; readonly openChildren: number; readonly openCalls: number }
  | { readonly type: 'relay'; readonly message: FromWorker }
