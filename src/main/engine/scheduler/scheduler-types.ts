import type { ErrorData } from '../../../shared/errors.ts'
import type { Topology } from '../../../shared/model/core.ts'
import type { OperationTags } from '../../../shared/model/operation.ts'
import type { TokenState } from '../../../shared/model/token.ts'
import type { WorkerQuota } from '../throttle/worker-quota.ts'
import type { MonotonicClock } from '../workers/worker-clock.ts'
import type { AnswerSource } from './call-answers.ts'
import type { ContextServices } from './context-services.ts'

/** What the scheduler needs from outside; everything that a test may want to replace. */
export interface SchedulerEnvironment {
  /** A number in 0..1 that nobody foresees, for spacing retries; Math.random when absent. */
  readonly chance?: (() => number) | undefined
  readonly topology: Topology
  readonly clock: MonotonicClock
  /** Entry of the worker threads. */
  readonly workerEntry: URL
  /** Entry of the workers' child processes. */
  readonly processEntry: URL
  /** What `import 'guardhouse'` means inside a worker. */
  readonly sdkEntry: URL
  /** Folder in which workers find the code of operations compiled; absent: they compile it themselves. */
  readonly codeCache?: string | undefined
  /** Where results of earlier calls are found; without it, operations with the tag `cache` simply run. */
  readonly answers?: AnswerSource | undefined
  /** What operations reach by `context()`; nothing when left out. */
  readonly services?: ContextServices | undefined
  /** False when no thread is to be kept ready for the next worker that dies; left out: true. */
  readonly spareThread?: boolean | undefined
  /** The share of the time that workers may work; left out: all of it. */
  readonly workerQuota?: WorkerQuota | undefined
  /** Folder in which workers note what they begin; absent without a journal. */
  readonly startsFolder?: string | undefined
}

/** An operation the scheduler can run. */
export interface RunnableOperation {
  readonly operationType: string
  readonly tags: OperationTags
  /** Imported in the workers, never in the control thread; carries a version so that a changed file is another URL. */
  readonly moduleUrl: string
}

export interface SubmitSettings {
  /** Milliseconds; overrides the operation's tag. */
  readonly timeout?: number | undefined
  readonly queueTimeout?: number | undefined
  readonly transfer?: readonly ArrayBuffer[] | undefined
  /** A person has let it out of quarantine. */
  readonly approved?: boolean | undefined
  /** Sequence of the parent token, 0 for none. */
  readonly parent?: number | undefined
  /** It is made of a tuple that comes back by itself when the host dies: then it must not come back too. */
  readonly fromTuple?: boolean | undefined
  /** Its arguments and its result hold secrets: they are neither shown nor kept. */
  readonly secret?: boolean | undefined
}

/** How a token ended, told to whoever listens. */
export interface Settlement {
  readonly sequence: number
  readonly state: TokenState
  readonly value: unknown
  readonly error: ErrorData | null
  /** How long it ran, milliseconds; left out where that is not known any more. */
  readonly ranMs?: number
}

export interface StopOptions {
  /** drain: finish what is accepted, then stop. abort: kill it. */
  readonly mode: 'drain' | 'abort'
  /** Milliseconds after which drain turns into abort. */
  readonly deadlineMs?: number
}

export interface StopReport {
  readonly completed: number
  readonly killed: number
}
