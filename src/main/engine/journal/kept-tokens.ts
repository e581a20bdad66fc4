import { Worker } from 'node:worker_threads'
import { fromErrorData, GuardhouseError } from '../../../shared/errors.ts'
import { threadCpuTime } from '../cpu/index.ts'
import type { ObservedState } from '../scheduler/token-observer.ts'
import type { FromReader, QuestionName, Questions, ReaderData, ToReader } from './reader-protocol.ts'
import { evictedColumns as columns, evictedWidth } from './row-columns.ts'
import type { RowPlaces } from './row-places.ts'
import type { SharedBlock } from './text-block.ts'

/** Rows that gather before they go to the reader although nobody asks. */
const rowsAtOnce = 4096

interface Pending {
  resolve(answer: unknown): void
  reject(error: Error): void
}

/** The control thread's hold on the journal's reader: hands it every token that the scheduler lets go of, and asks it. */
export class KeptTokens {
  /** Rows that the reader has. */
  total = 0
  removed = 0
  readonly #worker: Worker
  readonly #pending = new Map<number, Pending>()
  readonly #known = new Set<number>()
  #newOperations: [number, string][] = []
  #newTexts: SharedBlock[] = []
  #rows = new Float64Array(rowsAtOnce * evictedWidth)
  #spare: ArrayBuffer | null = null
  #count = 0
  #request = 0
  #dead: GuardhouseError | null = null
  readonly #onNotice: (level: 'slow' | 'error', text: string) => void

  /** Resolves when the reader has frozen what earlier runs left; it may still be reading it. */
  static async open(
    entry: URL,
    data: ReaderData,
    onNotice: (level: 'slow' | 'error', text: string) => void,
  ): Promise<KeptTokens> {
    const worker = new Worker(entry, { workerData: data, name: 'journal reader' })
    await new Promise((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
    })
    return new KeptTokens(worker, onNotice)
  }

  private constructor(worker: Worker, onNotice: (level: 'slow' | 'error', text: string) => void) {
    this.#worker = worker
    this.#onNotice = onNotice
    worker.on('message', (message: FromReader) => this.#receive(message))
    worker.on('error', (error) => this.#died(error))
  }

  /** CPU time of the reading thread so far, microseconds. Rejects when it has ended. */
  cpuTime(): Promise<number> {
    return threadCpuTime(this.#worker)
  }

  /** A token of the scheduler's own history is about to go; from now on the reader answers for it. */
  evict(state: ObservedState, slot: number, places: RowPlaces): void {
    const { table } = state
    const operation = state.operationOf(slot)
    if (!this.#known.has(operation.index)) {
      this.#known.add(operation.index)
      this.#newOperations.push([operation.index, operation.operationType])
    }
    const at = this.#count * evictedWidth
    const rows = this.#rows
    const worker = state.workerOf(slot)
    const created = table.createdAt[slot] ?? 0
    const started = table.startedAt[slot] ?? 0
    const ended = table.endedAt[slot] ?? 0
    rows[at + columns.sequence] = table.sequence[slot] ?? 0
    rows[at + columns.operation] = operation.index
    rows[at + columns.state] = table.state[slot] ?? 0
    rows[at + columns.weight] = table.weight[slot] ?? 1
    rows[at + columns.attempt] = table.attempt[slot] ?? 1
    rows[at + columns.parent] = table.parent[slot] ?? 0
    rows[at + columns.core] = worker?.core ?? 0
    rows[at + columns.slot] = worker?.slot ?? -1
    rows[at + columns.created] = created
    rows[at + columns.waited] = (started || ended) - created
    rows[at + columns.ran] = started === 0 ? -1 : ended - started
    rows[at + columns.acceptedIn] = places.acceptedIn(slot)
    rows[at + columns.endedIn] = places.endedIn(slot)
    places.forget(slot)
    this.#count += 1
    this.total += 1
    if (this.#count === rowsAtOnce) this.#send()
  }

  /** Texts that the writer shares. The reader gets them before the tokens that they are of. */
  addTexts(blocks: readonly SharedBlock[]): void {
    this.#newTexts.push(...blocks)
  }

  removeRows(sequences: Float64Array): void {
    this.#send()
    this.removed += sequences.length
    this.#post({ type: 'removed', sequences })
  }

  reopen(): void {
    this.#send()
    this.#post({ type: 'reopen' })
  }

  /** Answers of the reader see every token that was evicted before the question. */
  ask<Name extends QuestionName>(
    name: Name,
    question: Questions[Name]['question'],
  ): Promise<Questions[Name]['answer']> {
    if (this.#dead !== null) return Promise.reject(this.#dead)
    this.#send()
    this.#request += 1
    const request = this.#request
    return new Promise((resolve, reject) => {
      this.#pending.set(request, { resolve: (answer) => resolve(answer as Questions[Name]['answer']), reject })
      this.#post({ type: 'ask', name, request, question } as ToReader)
    })
  }

  async close(): Promise<void> {
    this.#died(new Error('the host stops'))
    await this.#worker.terminate()
  }

  #send(): void {
    if (this.#count === 0) return
    const numbers = this.#rows.buffer
    const [operations, texts] = [this.#newOperations, this.#newTexts]
    this.#post({ type: 'evicted', count: this.#count, numbers, operations, texts }, [numbers])
    this.#rows = this.#spare === null ? new Float64Array(rowsAtOnce * evictedWidth) : new Float64Array(this.#spare)
    this.#spare = null
    this.#newOperations = []
    this.#newTexts = []
    this.#count = 0
  }

  #post(message: ToReader, transfer: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transfer)
  }

  #receive(message: FromReader): void {
    switch (message.type) {
      case 'answer':
        this.#take(message.request)?.resolve(message.answer)
        return
      case 'failed':
        this.#take(message.request)?.reject(fromErrorData(message.error))
        return
      case 'loaded':
        this.total += message.total
        return
      case 'taken':
        this.#spare = message.numbers
        return
      case 'slow':
        this.#onNotice('slow', message.sentence)
    }
  }

  #take(request: number): Pending | undefined {
    const pending = this.#pending.get(request)
    this.#pending.delete(request)
    return pending
  }

  #died(cause: Error): void {
    if (this.#dead !== null) return
    this.#dead = new GuardhouseError('internal', `the journal's reader has ended: ${cause.message}`, { cause })
    for (const { reject } of this.#pending.values()) reject(this.#dead)
    this.#pending.clear()
  }
}
