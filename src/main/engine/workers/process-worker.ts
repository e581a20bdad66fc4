import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { deserialize, serialize } from 'node:v8'
import { type ErrorData, fromErrorData, GuardhouseError } from '../../../shared/errors.ts'
import type { RegisteredOperation } from '../../../shared/model/runtime.ts'
import { AbortFile } from './abort-file.ts'
import type { ActiveToken } from './active-token.ts'
import { type FromProcess, firstProcessNumber, type ToProcess } from './process-protocol.ts'
import type { FromWorker, ToWorker, WorkerData, WorkerOperation } from './worker-protocol.ts'

/** A process that nobody has used for so long is ended, milliseconds. */
const idleLimit = 60_000

interface Run {
  readonly token: ActiveToken
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

export interface ProcessSurroundings {
  post(message: FromWorker): void
  /** The operation is called: loading was not its run. */
  began(token: ActiveToken): void
  /** What a token waits for has changed. */
  waitsChanged(): void
}

/**
 * The child process of one worker, for operations with the tag `processPool`. The worker's thread stands for it: mailbox, kill, children and
 * place are those of the thread, so that everything that holds for tokens holds here. A token is sent once; when the process dies under
 * it, it fails with the cause, and the next token finds a new process.
 */
export class ProcessWorker {
  readonly #data: WorkerData
  readonly #at: ProcessSurroundings
  readonly #runs = new Map<number, Run>()
  #life: ProcessLife | null = null
  #idleTimer: NodeJS.Timeout | undefined

  constructor(data: WorkerData, surroundings: ProcessSurroundings) {
    this.#data = data
    this.#at = surroundings
  }

  /** What stands in the thread for an operation that runs here. `calling` is the token that calls it. */
  operation(definition: WorkerOperation, calling: () => ActiveToken): RegisteredOperation {
    const run = (...values: unknown[]) => this.run(calling(), definition, values)
    return { operationType: definition.operationType, tags: {}, run, receiver: () => undefined, declaredAt: '' }
  }

  /** Rejects with the operation's error, `not-cloneable` before anything was sent, or `worker-lost`. */
  run(token: ActiveToken, operation: WorkerOperation, values: readonly unknown[]): Promise<unknown> {
    const bytes = serializeArguments(operation.operationType, values)
    clearTimeout(this.#idleTimer)
    this.#life ??= this.#start()
    const life = this.#life
    return new Promise((resolve, reject) => {
      this.#runs.set(token.sequence, { token, resolve, reject })
      const { slot, sequence, attempt, createdAt } = token
      life.send({ type: 'run', slot, sequence, attempt, createdAt, operation, values: bytes })
    })
  }

  abort(sequence: number, error: ErrorData): void {
    if (this.#runs.has(sequence)) this.#life?.abort(sequence, error)
  }

  /** Ends the process under a token that does not stop; what else runs in it is lost with it. */
  end(sequence: number, error: ErrorData): void {
    if (this.#runs.has(sequence)) this.#life?.end(error)
  }

  /** True when the message answers one of the process. */
  receive(message: ToWorker): boolean {
    const number = 'child' in message ? message.child : 'request' in message ? message.request : 0
    if (number < firstProcessNumber) return false
    this.#life?.send({ type: 'relay', message })
    return true
  }

  /** Ends the process; nothing runs in it. */
  async dispose(): Promise<void> {
    clearTimeout(this.#idleTimer)
    await this.#life?.end({ kind: 'stopped', message: 'its worker was told to end' })
  }

  #start(): ProcessLife {
    const life: ProcessLife = new ProcessLife(this.#data, {
      hears: (message) => this.#hears(message),
      gone: (cause) => this.#gone(life, cause),
    })
    this.#at.post({ type: 'process', pid: life.pid })
    return life
  }

  #hears(message: FromProcess): void {
    switch (message.type) {
      case 'relay':
        return this.#at.post(message.message)
      case 'began': {
        const run = this.#runs.get(message.sequence)
        if (run !== undefined) this.#at.began(run.token)
        return
      }
      case 'waits': {
        const run = this.#runs.get(message.sequence)
        if (run === undefined) return
        run.token.openChildren = message.openChildren
        run.token.openCalls = message.openCalls
        return this.#at.waitsChanged()
      }
      case 'ended':
        return this.#ended(message)
    }
  }

  #ended({ sequence, error, value }: Extract<FromProcess, { type: 'ended' }>): void {
    const run = this.#close(sequence)
    if (error === null) run?.resolve(value === null ? undefined : deserialize(value))
    else run?.reject(asThrown(error))
    if (this.#runs.size > 0) return
    this.#idleTimer = setTimeout(() => void this.dispose(), idleLimit)
    this.#idleTimer.unref()
  }

  #close(sequence: number): Run | undefined {
    const run = this.#runs.get(sequence)
    this.#runs.delete(sequence)
    if (run !== undefined) {
      run.token.openChildren = 0
      run.token.openCalls = 0
    }
    return run
  }

  #gone(life: ProcessLife, cause: ErrorData): void {
    if (this.#life === life) this.#life = null
    this.#at.post({ type: 'process', pid: null })
    const { core, slot } = this.#data
    const error: ErrorData = {
      kind: 'worker-lost',
      message: `the process of worker ${slot} of core ${core} died while the token ran: ${cause.message}`,
      hint: cause.hint,
      cause,
    }
    for (const sequence of [...this.#runs.keys()]) this.#close(sequence)?.reject(fromErrorData(error))
  }
}

interface LifeSurroundings {
  hears(message: FromProcess): void
  /** The process is gone, and everything it had said was heard. */
  gone(cause: ErrorData): void
}

/** One life of the process. */
class ProcessLife {
  readonly #child: ChildProcess
  readonly #aborts = new AbortFile()
  readonly #gone: Promise<void>
  #cause: ErrorData | null = null

  constructor(data: WorkerData, surroundings: LifeSurroundings) {
    const { cpu, epoch, epochWall } = data
    const { entry, sdkEntry, codeCache, heapMiB } = data.process
    this.#child = fork(fileURLToPath(entry), [], {
      serialization: 'advanced',
      execArgv: [`--max-old-space-size=${heapMiB}`],
      // The desktop app's executable is Electron.
      env: 'electron' in process.versions ? { ...process.env, ELECTRON_RUN_AS_NODE: '1' } : process.env,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc', this.#aborts.descriptor],
    })
    this.#child.on('message', (message) => surroundings.hears(message as FromProcess))
    this.#gone = this.#whenGone().then((how) => {
      this.#aborts.close()
      surroundings.gone(this.#cause ?? how)
    })
    this.send({ type: 'start', cpu, epoch, epochWall, sdkEntry, codeCache })
  }

  get pid(): number | null {
    return this.#child.pid ?? null
  }

  send(message: ToProcess): void {
    // To a process that is gone nothing can be sent; whoever waits for it hears that from `gone`.
    if (this.#child.connected) this.#child.send(message, ignoreRefusal)
  }

  abort(sequence: number, error: ErrorData): void {
    this.#aborts.write(sequence, error)
    this.send({ type: 'abort', sequence, error })
  }

  end(cause: ErrorData): Promise<void> {
    this.#cause ??= cause
    this.#child.kill('SIGKILL')
    return this.#gone
  }

  /** Resolves with what is known of the cause once the process is gone and its channel is read to the end. */
  async #whenGone(): Promise<ErrorData> {
    const child = this.#child
    const closed = new Promise<void>((resolve) => {
      child.once('disconnect', resolve)
    })
    const how = await new Promise<ErrorData>((resolve) => {
      child.once('error', (error) =>
        resolve({ kind: 'worker-lost', message: `it could not be started: ${error.message}` }),
      )
      child.once('exit', (code, signal) => resolve(exitCause(code, signal)))
    })
    if (child.connected) await closed
    return how
  }
}

function exitCause(code: number | null, signal: NodeJS.Signals | null): ErrorData {
  if (signal !== null) {
    return {
      kind: 'worker-lost',
      message: `it ended with the signal ${signal}`,
      hint: signal === 'SIGABRT' ? 'Did it run out of heap? See the option workerHeapMiB.' : undefined,
    }
  }
  return {
    kind: 'worker-lost',
    message: `it ended with exit code ${code}`,
    hint: 'An operation must not call process.exit, and must catch what its timers throw.',
  }
}

function serializeArguments(operationType: string, values: readonly unknown[]): Uint8Array {
  try {
    return serialize(values)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new GuardhouseError('not-cloneable', `an argument of ${operationType} cannot cross to a process: ${why}`, {
      hint: 'Pass plain data: no functions, sockets, shared memory or class instances with such inside.',
      cause,
    })
  }
}

function asThrown(data: ErrorData): Error {
  const error = fromErrorData(data)
  return data.retryable === true ? Object.assign(error, { retryable: true }) : error
}

function ignoreRefusal(): void {
  return
}
