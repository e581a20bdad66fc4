import { Worker } from 'node:worker_threads'
import { type ErrorData, fromErrorData, GuardhouseError, toErrorData } from '../../../shared/errors.ts'
import type { StorageProgress } from '../../../shared/model/storage.ts'
import { threadCpuTime } from '../cpu/index.ts'
import type {
  FromStore,
  Puttable,
  StoreRequestName,
  StoreRequests,
  StoreThreadData,
  ToStore,
} from './store-messages.ts'

interface OpenRequest {
  resolve(output: unknown): void
  reject(error: Error): void
  progress?: ((progress: StorageProgress) => void) | undefined
}

interface WaitingPut {
  readonly item: Puttable
  resolve(id: string): void
  reject(error: Error): void
}

export interface AskOptions {
  readonly signal?: AbortSignal
  readonly progress?: (progress: StorageProgress) => void
}

/** The control thread's hold on the receipts of one catalog, which live in a thread of their own. */
export class ReceiptsClient {
  /** Settles when the catalog is open, with the number of receipts, or has failed to open. */
  readonly opened: Promise<number>
  readonly #worker: Worker
  readonly #open = new Map<number, OpenRequest>()
  readonly #opening = Promise.withResolvers<number>()
  readonly #closed = Promise.withResolvers<void>()
  readonly #notice: (text: string) => void
  #puts: WaitingPut[] = []
  #unanswered = 0
  #next = 1
  #gone: GuardhouseError | null = null

  constructor(entry: URL, catalog: string, notice: (text: string) => void) {
    const workerData: StoreThreadData = { catalog }
    this.#notice = notice
    this.opened = this.#opening.promise
    // Whoever asks something is told; without a question nobody waits for this one.
    this.opened.catch(() => undefined)
    this.#worker = new Worker(entry, { workerData, name: 'receipts' })
    this.#worker.on('message', (message: FromStore) => this.#receive(message))
    this.#worker.on('error', (error) => this.#end(lost(error.message, error)))
    this.#worker.on('exit', () => this.#end(lost('it ended')))
  }

  /** Puts that are on their way to the disk. */
  get waitingPuts(): number {
    return this.#unanswered
  }

  /** CPU time of the thread so far, microseconds. Rejects when it has ended. */
  cpuTime(): Promise<number> {
    return threadCpuTime(this.#worker)
  }

  /** Resolves with the receipt's id once it is durable. All puts of one turn travel together and share one sync. */
  put(item: Puttable): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.#puts.length === 0) queueMicrotask(() => this.#sendPuts())
      this.#puts.push({ item, resolve, reject })
      this.#unanswered += 1
    })
  }

  ask<Name extends StoreRequestName>(
    name: Name,
    input: StoreRequests[Name]['input'],
    { signal, progress }: AskOptions = {},
  ): Promise<StoreRequests[Name]['output']> {
    return new Promise<unknown>((resolve, reject) => {
      // A question after a put of the same turn must find it.
      if (name !== 'put' && this.#puts.length > 0) this.#sendPuts()
      if (this.#gone !== null) return reject(this.#gone)
      const request = this.#next++
      this.#open.set(request, { resolve, reject, progress })
      try {
        this.#worker.postMessage({ type: 'ask', request, name, input } as ToStore)
      } catch (error) {
        this.#open.delete(request)
        return reject(error as Error)
      }
      signal?.addEventListener('abort', () => this.#cancel(request), { once: true })
      if (signal?.aborted) this.#cancel(request)
    }) as Promise<StoreRequests[Name]['output']>
  }

  /** Everything put is durable and the thread has ended when this resolves. */
  async close(): Promise<void> {
    this.#sendPuts()
    if (this.#gone === null) this.#worker.postMessage({ type: 'close' } satisfies ToStore)
    await this.#closed.promise
    await this.#worker.terminate()
  }

  #cancel(request: number): void {
    if (this.#open.has(request)) this.#worker.postMessage({ type: 'cancel', request } satisfies ToStore)
  }

  #sendPuts(): void {
    const puts = this.#puts
    this.#puts = []
    if (puts.length > 0) void this.#putTogether(puts)
  }

  async #putTogether(puts: readonly WaitingPut[]): Promise<void> {
    try {
      const answers = await this.ask(
        'put',
        puts.map((put) => put.item),
      )
      for (const [index, put] of puts.entries())
        this.#settlePut(put, answers[index] ?? toErrorData(lost('it gave no answer')))
    } catch (error) {
      // One of them cannot cross; the others are not to suffer for it.
      if (isCloneError(error) && puts.length > 1) for (const put of puts) void this.#putTogether([put])
      else for (const put of puts) this.#settlePut(put, toErrorData(error))
    }
  }

  #settlePut(put: WaitingPut, answer: string | ErrorData): void {
    this.#unanswered -= 1
    if (typeof answer === 'string') put.resolve(answer)
    else put.reject(fromErrorData(answer))
  }

  #receive(message: FromStore): void {
    switch (message.type) {
      case 'opened':
        return this.#opening.resolve(message.receipts)
      case 'failed':
        return this.#end(fromErrorData(message.error))
      case 'closed':
        return this.#end(new GuardhouseError('stopped', 'the receipts are closed'))
      case 'notice':
        return this.#notice(message.text)
      case 'progress':
        return this.#open.get(message.request)?.progress?.(message.progress)
      case 'answer':
        return this.#take(message.request)?.resolve(message.output)
      case 'refused':
        return this.#take(message.request)?.reject(fromErrorData(message.error))
    }
  }

  #take(request: number): OpenRequest | undefined {
    const open = this.#open.get(request)
    this.#open.delete(request)
    return open
  }

  /** Only the first cause counts. */
  #end(cause: GuardhouseError): void {
    if (this.#gone !== null) return
    this.#gone = cause
    this.#opening.reject(cause)
    this.#closed.resolve()
    for (const { reject } of this.#open.values()) reject(cause)
    this.#open.clear()
    if (cause.kind !== 'stopped') this.#notice(`No receipts are kept: ${cause.message}`)
  }
}

function isCloneError(error: unknown): boolean {
  return error instanceof Error && error.name === 'DataCloneError'
}

function lost(how: string, cause?: unknown): GuardhouseError {
  return new GuardhouseError('internal', `the thread of the receipts died: ${how}`, {
    hint: 'Start Guardhouse again; receipts that were acknowledged are on the disk.',
    cause,
  })
}
