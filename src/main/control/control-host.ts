import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import { fromErrorData, GuardhouseError } from '../../shared/errors.ts'
import type { StopOptions, StopReport } from '../engine/scheduler/scheduler-types.ts'
import { type Entries, entryHrefs, findEntries } from '../entries.ts'
import type { ControlInit, ControlThreadData, FromControl, Peer, ToControl } from './control-protocol.ts'

/** How long the control thread may take to tidy up once every token must have ended. */
const tidyingMs = 10_000

/**
 * Starts a control thread and waits until it serves connections. A workspace named in `init` may still be loading then.
 * Rejects with what was wrong: `bad-request` for an option, `internal` when the thread died.
 */
export async function startControl(init: ControlInit, entries: Entries = findEntries()): Promise<ControlHost> {
  const workerData: ControlThreadData = { init, entries: entryHrefs(entries) }
  const worker = new Worker(entries.control, { workerData, name: 'control' })
  const host = new ControlHost(worker)
  try {
    await host.started
    return host
  } catch (error) {
    await worker.terminate()
    throw error
  }
}

/** The shell thread's hold on its control thread. */
export class ControlHost {
  /** Settles when the thread serves connections, or has failed to. */
  readonly started: Promise<void>
  readonly #worker: Worker
  readonly #start = Promise.withResolvers<void>()
  readonly #stop = Promise.withResolvers<StopReport>()
  readonly #exitListeners = new Set<(cause: GuardhouseError) => void>()
  #shutdown: Promise<StopReport> | null = null
  #ended: GuardhouseError | null = null

  constructor(worker: Worker) {
    this.#worker = worker
    this.started = this.#start.promise
    // Whoever shuts down hears of it; without a shutdown nobody listens to this one.
    this.#stop.promise.catch(() => undefined)
    worker.on('message', (message: FromControl) => this.#receive(message))
    worker.on('error', (error) => this.#end(died('an error that nothing caught', error)))
    worker.on('exit', (code) => this.#end(died(`it ended with code ${code}`)))
  }

  /**
   * Opens a connection for one peer and returns this side of it, ready to be passed on. Messages over it are those of
   * shared/contract/wire.ts. It closes when the peer closes it, or with the control thread.
   */
  connect(peer: Peer): MessagePort {
    if (this.#ended !== null) throw this.#ended
    const { port1, port2 } = new MessageChannel()
    const message: ToControl = { type: 'connect', port: port1, peer }
    this.#worker.postMessage(message, [port1])
    return port2
  }

  /**
   * Settles every token, closes every connection and ends the thread. Rejects when the thread dies on the way or does not
   * end in time. Further calls get the promise of the first; one with mode abort cuts a drain short.
   */
  shutdown(options: StopOptions): Promise<StopReport> {
    if (this.#shutdown === null) this.#shutdown = this.#shutDown(options)
    else if (options.mode === 'abort' && this.#ended === null) this.#order(options)
    return this.#shutdown
  }

  /** Calls `listener` when the thread dies without having been asked to. Returns the function that ends it. */
  onExit(listener: (cause: GuardhouseError) => void): () => void {
    this.#exitListeners.add(listener)
    return () => this.#exitListeners.delete(listener)
  }

  async #shutDown(options: StopOptions): Promise<StopReport> {
    if (this.#ended !== null) throw this.#ended
    this.#exitListeners.clear()
    this.#order(options)
    const limit = stopLimit(options)
    const timer = limit === null ? null : setTimeout(() => this.#stop.reject(tooSlow(limit)), limit)
    try {
      return await this.#stop.promise
    } finally {
      if (timer !== null) clearTimeout(timer)
      await this.#worker.terminate()
    }
  }

  #order(options: StopOptions): void {
    const message: ToControl = { type: 'shutdown', options }
    this.#worker.postMessage(message)
  }

  #receive(message: FromControl): void {
    if (message.type === 'ready') this.#start.resolve()
    else if (message.type === 'failed') this.#end(fromErrorData(message.error))
    else this.#stop.resolve(message.report)
  }

  /** Only the first cause counts: an error is followed by an exit. */
  #end(cause: GuardhouseError): void {
    if (this.#ended !== null) return
    this.#ended = cause
    this.#start.reject(cause)
    this.#stop.reject(cause)
    for (const listener of this.#exitListeners) listener(cause)
  }
}

/** Milliseconds that stopping may take, null for a drain without a deadline. */
function stopLimit({ mode, deadlineMs }: StopOptions): number | null {
  if (mode === 'abort') return tidyingMs
  return deadlineMs === undefined ? null : deadlineMs + tidyingMs
}

function died(how: string, cause?: unknown): GuardhouseError {
  const detail = cause instanceof Error ? `: ${cause.message}` : ''
  return new GuardhouseError('internal', `the control thread died: ${how}${detail}`, {
    hint: 'Start Guardhouse again; tokens that had not ended are lost.',
    cause,
  })
}

function tooSlow(limit: number): GuardhouseError {
  return new GuardhouseError('timeout', `the control thread has not stopped within ${limit} ms and was ended by force`)
}
