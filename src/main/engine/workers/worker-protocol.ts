import type { MessagePort } from 'node:worker_threads'
import type { ErrorData } from '../../../shared/errors.ts'
import type { Binding } from '../../../shared/model/core.ts'
import type { RuntimeTokenStatus } from '../../../shared/model/runtime.ts'
import type { RingSize } from './ring.ts'

/** What a record in a mailbox means, and what goes beside it over the MessagePort. */

/**
 * State of a submission record, in its claim word. The worker moves queued to claimed when it takes the record; the control
 * thread moves queued to cancelled. Whoever wins the exchange owns the token, so a token is either run or taken back, never both.
 */
export const claimStates = { queued: 0, claimed: 1, cancelled: 2 } as const

/** Fields of a submission record: words (int32) and doubles (float64), by index within the record. */
export const submissionFields = {
  claim: 0,
  slot: 1,
  sequence: 1, // double
  operation: 4,
  payloadKind: 5,
  payloadOffset: 6,
  arenaEnd: 7,
  number: 4, // double
  attempt: 10,
  createdAt: 6, // double
} as const

/** Fields of a completion record. */
export const completionFields = {
  status: 0,
  slot: 1,
  sequence: 1, // double
  payloadKind: 4,
  payloadOffset: 5,
  payloadBytes: 6,
  arenaEnd: 7,
  number: 4, // double
  startedAt: 5, // double
  endedAt: 6, // double
  /** Number of the newest message that the token has told by port: see told-messages.ts. */
  told: 14,
} as const

export const completionStatuses = { completed: 0, failed: 1 } as const

/** Shared words that tell, without a message, what the worker is doing. */
export const statusWords = {
  /** Table slot of the running token plus one; 0 when idle. */
  running: 0,
  /** Grows with every abort: a loop that never yields looks into its port when it has changed. */
  aborts: 1,
  /** Tokens begun and suspended while they wait for their children. */
  lending: 2,
  /** Low 32 bits of the running token's sequence, because its slot may serve another token once it is settled. */
  runningSequence: 3,
  /** 1 when the thread is to take nothing more. */
  retiring: 6,
  /** Double 2: when the running token began. */
  sinceDouble: 2,
} as const
export const statusBytes = 64

/** Payloads larger than this travel by port even when the arena has room: they would crowd out the others. */
export const maxArenaPayload = 4096

/** What a thread is started with, before it has a place. */
export interface BareThreadData {
  readonly sdkEntry: string
  readonly codeCache: string | undefined
  /** For native-loading.ts. */
  readonly loading: SharedArrayBuffer
}

/** What the child process of a worker is started with. */
export interface ProcessStart {
  readonly entry: string
  readonly sdkEntry: string
  readonly codeCache: string | undefined
  readonly heapMiB: number
}

/** The place of a thread, told once. */
export interface WorkerData {
  readonly submissions: SharedArrayBuffer
  readonly completions: SharedArrayBuffer
  readonly size: RingSize
  readonly status: SharedArrayBuffer
  readonly port: MessagePort
  readonly core: number
  readonly slot: number
  readonly cpu: number
  /** Epoch of the engine's clock as process.hrtime nanoseconds. */
  readonly epoch: bigint
  readonly epochWall: number
  /** Whether to watch for the bell a moment before sleeping: not where this thread would hold the only CPU meanwhile. */
  readonly mayWatch: boolean
  /** See throttle/worker-quota.ts; undefined: no quota. */
  readonly quota: SharedArrayBuffer | undefined
  /** What its child process is started with. */
  readonly process: ProcessStart
  readonly operations: readonly WorkerOperation[]
  /** File in which to note what begins; null without a journal. */
  readonly startLog: string | null
}

/** Operations by the index that records carry. */
export interface WorkerOperation {
  readonly index: number
  readonly operationType: string
  readonly moduleUrl: string
  /** It runs in the worker's child process. */
  readonly processPool: boolean
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** Where a child ran; times in engine microseconds. */
export interface ChildRun {
  readonly id: string
  readonly core: number
  readonly worker: number
  readonly startedAt: number
  readonly endedAt: number
}

export type ToWorker =
  | { readonly type: 'operations'; readonly operations: readonly WorkerOperation[] }
  /** Answer to `pull`: the arguments of a token that did not fit its record. */
  | { readonly type: 'arguments'; readonly sequence: number; readonly values: readonly unknown[] }
  | { readonly type: 'arguments-failed'; readonly sequence: number; readonly error: ErrorData }
  | { readonly type: 'abort'; readonly sequence: number; readonly error: ErrorData }
  /** The token runs in the worker's process and does not stop: end the process. */
  | { readonly type: 'end-process'; readonly sequence: number; readonly error: ErrorData }
  /** Finish what runs, take nothing more, then say `retired`. */
  | { readonly type: 'retire' }
  | { readonly type: 'child-accepted'; readonly child: number; readonly id: string }
  | { readonly type: 'child-refused'; readonly child: number; readonly error: ErrorData }
  | { readonly type: 'child-ended'; readonly child: number; readonly value: unknown; readonly run: ChildRun | null }
  | { readonly type: 'child-failed'; readonly child: number; readonly error: ErrorData; readonly run: ChildRun | null }
  | { readonly type: 'answer'; readonly request: number; readonly value: RuntimeTokenStatus | boolean }
  | { readonly type: 'answer-failed'; readonly request: number; readonly error: ErrorData }
  | { readonly type: 'service-answer'; readonly request: number; readonly value: unknown }
  | { readonly type: 'service-failed'; readonly request: number; readonly error: ErrorData }

export type FromWorker =
  | { readonly type: 'ready'; readonly binding: Binding }
  /** The worker has a child process; null: it has none any more. */
  | { readonly type: 'process'; readonly pid: number | null }
  /** The worker has claimed a token whose arguments stayed behind: large payloads are pulled when their turn comes, so they neither crowd the mailbox nor die with a thread. */
  | { readonly type: 'pull'; readonly sequence: number }
  | { readonly type: 'result'; readonly sequence: number; readonly value: unknown }
  | { readonly type: 'failure'; readonly sequence: number; readonly error: ErrorData }
  | {
      readonly type: 'log'
      readonly sequence: number
      readonly level: LogLevel
      readonly at: number
      readonly text: string
    }
  | { readonly type: 'log-dropped'; readonly sequence: number; readonly count: number }
  | { readonly type: 'progress'; readonly sequence: number; readonly fraction: number; readonly text: string }
  | {
      readonly type: 'submit'
      readonly child: number
      readonly parent: number
      /** When the parent began: from here on it may wait on a thread that others use. */
      readonly parentStartedAt: number
      readonly operationType: string
      readonly arguments: readonly unknown[]
      readonly timeout: number | undefined
      readonly queueTimeout: number | undefined
      readonly secret: boolean | undefined
    }
  | { readonly type: 'child-status'; readonly request: number; readonly id: string }
  | { readonly type: 'child-kill'; readonly request: number; readonly id: string; readonly reason: string }
  /** A running operation calls a service of the control thread. */
  | {
      readonly type: 'service'
      readonly request: number
      readonly sequence: number
      readonly startedAt: number
      readonly service: string
      readonly method: string
      readonly values: readonly unknown[]
    }
  /** Nobody waits for the answer any more. */
  | { readonly type: 'service-cancel'; readonly request: number }
  /** A token has begun to wait for its children or for a service. */
  | { readonly type: 'lends' }
  | { readonly type: 'retired' }
