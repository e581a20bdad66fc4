import { Worker } from 'node:worker_threads'
import type { AuditEntry } from '../../../shared/contract/commands.ts'
import { type ErrorData, fromErrorData, GuardhouseError, toErrorData } from '../../../shared/errors.ts'
import { threadCpuTime } from '../cpu/index.ts'
import type { ObservedState, ObservedToken, TokenListener, TokenObserver } from '../scheduler/token-observer.ts'
import { tokenFlags } from '../scheduler/token-table.ts'
import { BatchWriter } from './journal-batch.ts'
import { noteAccepted, noteEnded } from './journal-notes.ts'
import type {
  FromWriter,
  JournalBatch,
  JournalOpened,
  ToWriter,
  WriterData,
  WriterFigures,
} from './journal-protocol.ts'
import { JournaledOperations } from './journaled-operations.ts'
import type { RetentionAnswer, RetentionAsk } from './retention-protocol.ts'
import { RowPlaces } from './row-places.ts'
import type { SharedBlock } from './text-block.ts'

/** When nobody waits for it, what happened may gather this long before it is written: a short token is then one row written once. Milliseconds. */
const lazyMs = 20
/**
 * What nobody waits for goes to the kernel at once, which keeps it whatever becomes of this process, but to the disk itself only this often: to wait
 * for the disk costs far more than all the rest. Milliseconds.
 */
const syncMs = 1000
/** What gathers beyond this is written at once, bytes. */
const eagerBytes = 1 << 22
/** While the file cannot be written this much is kept in memory; then everything is told anew once it can be. Bytes. */
const troubleBytes = 1 << 26

export interface JournalNotice {
  /** slow: for the log; it is no trouble that a person could mend. */
  readonly level: 'info' | 'warn' | 'error' | 'slow'
  readonly text: string
}

export interface JournalSurroundings {
  readonly entry: URL
  readonly data: WriterData
}

interface Retaining {
  progress(rows: number): void
  settle(answer: RetentionAnswer | ErrorData): void
}

/**
 * The control thread's hold on the journal: notes what happens to tokens, hands it to the journal's thread in batches, one
 * transaction each, and tells when it is on the disk. It never touches the disk itself.
 */
export class Journal implements TokenListener {
  readonly opened: JournalOpened
  readonly #worker: Worker
  readonly #batch = new BatchWriter()
  readonly #operations = new JournaledOperations()
  /** Where each token that the scheduler keeps is written. */
  readonly places = new RowPlaces()
  readonly #noticeListeners = new Set<(notice: JournalNotice) => void>()
  readonly #freshListeners = new Set<() => void>()
  readonly #textListeners = new Set<(texts: readonly SharedBlock[]) => void>()
  readonly #removedListeners = new Set<(sequences: Float64Array) => void>()
  #observer: TokenObserver | null = null
  #audit: AuditEntry[] = []
  #settings: [string, string | null][] = []
  /** Number of the batch that gathers now, of the newest one that is written, and of the newest one that is on the disk with all before it. */
  #number: number
  #written: number
  #synced: number
  #inFlight = false
  #timer: NodeJS.Timeout | null = null
  /** Runs while something is written and not on the disk yet. */
  #syncTimer: NodeJS.Timeout | null = null
  #syncDue = false
  #waiters: { number: number; settle: (error: GuardhouseError | null) => void }[] = []
  #trouble: string | null = null
  /** Since the trouble began so much happened that only everything together tells it. */
  #tellAll = false
  #figures: WriterFigures = { transactions: 0, records: 0, fileBytes: 0, rows: 0, slowTransactions: 0 }
  #dead: GuardhouseError | null = null
  #leavesWaiting = false
  #closing = false
  readonly #closed = Promise.withResolvers<void>()
  readonly #retaining = new Map<number, Retaining>()
  #request = 0

  /** Rejects with `conflict`, `not-allowed` or `unsupported` when there is no using the file. */
  static async open({ entry, data }: JournalSurroundings): Promise<Journal> {
    const worker = new Worker(entry, { workerData: data, name: 'journal writer' })
    const { promise, resolve, reject } = Promise.withResolvers<JournalOpened>()
    promise.catch(() => worker.terminate())
    const failed = (error: Error) => reject(died(error))
    worker.once('error', failed)
    worker.once('message', (message: FromWriter) => {
      worker.off('error', failed)
      if (message.type === 'opened') resolve(message.opened)
      else if (message.type === 'not-opened')
        reject(new GuardhouseError(message.kind, message.message, { hint: message.hint }))
    })
    return new Journal(worker, await promise)
  }

  private constructor(worker: Worker, opened: JournalOpened) {
    this.opened = opened
    this.#written = opened.lastBatch
    this.#synced = opened.lastBatch
    this.#number = opened.lastBatch + 1
    this.#worker = worker
    worker.on('message', (message: FromWriter) => this.#receive(message))
    worker.on('error', (error) => this.#died(died(error)))
    worker.on('exit', (code) => this.#died(died(new Error(`it ended with code ${code}`))))
  }

  /** From now on everything that becomes of the scheduler's tokens is written down. */
  attach(observer: TokenObserver): void {
    this.#observer = observer
    observer.listen(this)
  }

  /** Why submissions cannot be made durable now, in a sentence for people; null when they can. */
  get trouble(): string | null {
    return this.#dead?.message ?? this.#trouble
  }

  /** CPU time of the writing thread so far, microseconds. Rejects when it has ended. */
  cpuTime(): Promise<number> {
    return threadCpuTime(this.#worker)
  }

  get figures(): WriterFigures {
    return this.#figures
  }

  /** Resolves when everything that has happened so far is on the disk. Rejects when the journal's thread has died. */
  durable(): Promise<void> {
    this.#observer?.flush()
    if (this.#dead !== null) return Promise.reject(this.#dead)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const nothingNew = this.#empty() && !this.#tellAll
    const number = nothingNew ? this.#number - 1 : this.#number
    if (number <= this.#synced) return Promise.resolve()
    this.#waiters.push({ number, settle: (error) => (error === null ? resolve() : reject(error)) })
    this.#post()
    return promise
  }

  recordAudit(entry: AuditEntry): void {
    this.#audit.push(entry)
    this.#soon()
  }

  /** Keeps a value by name, as JSON; undefined takes it away. */
  keepSetting(name: string, value: unknown): void {
    this.#settings.push([name, value === undefined ? null : JSON.stringify(value)])
    this.#soon()
  }

  /** Lets the file grow to so many pages of 4 KiB at the most, as a disk would that is full then. */
  limitPages(pages: number): void {
    this.#send({ type: 'limit', pages })
  }

  /** What is kept, or a removal of some of it; `progress` hears how many rows are gone. Rejects when the thread has died. */
  retain(
    ask: RetentionAsk,
    signal?: AbortSignal,
    progress: Retaining['progress'] = () => undefined,
  ): Promise<RetentionAnswer> {
    if (this.#dead !== null) return Promise.reject(this.#dead)
    this.#request += 1
    const request = this.#request
    const { promise, resolve, reject } = Promise.withResolvers<RetentionAnswer>()
    const settle: Retaining['settle'] = (answer) => ('rows' in answer ? resolve(answer) : reject(fromErrorData(answer)))
    this.#retaining.set(request, { progress, settle })
    signal?.addEventListener('abort', () => this.#send({ type: 'stop-retaining', request }), { once: true })
    this.#send({ type: 'retain', request, ask })
    return promise
  }

  /** Whether tokens that are killed by a stop before they began stay as they are, to run at the next start. */
  leaveWaiting(leave: boolean): void {
    this.#leavesWaiting = leave
  }

  onNotice(listener: (notice: JournalNotice) => void): void {
    this.#noticeListeners.add(listener)
  }

  /** Hears which ended tokens retention has removed. */
  onRemoved(listener: (sequences: Float64Array) => void): void {
    this.#removedListeners.add(listener)
  }

  /** Hears of texts that the writer shares, before anybody hears that their batch is written. */
  onTexts(listener: (texts: readonly SharedBlock[]) => void): void {
    this.#textListeners.add(listener)
  }

  /** Hears that a fresh file has taken the place of a damaged one. */
  onFresh(listener: () => void): void {
    this.#freshListeners.add(listener)
  }

  /** Writes what is left and lets go of the file. Resolves when the thread is gone. */
  async close(): Promise<void> {
    if (this.#dead === null) {
      this.#observer?.flush()
      // While there is trouble the last batch never comes through; whoever stops does not wait for it for ever.
      if (this.#trouble === null) await this.durable().catch(() => undefined)
      this.#send({ type: 'close' })
      await Promise.race([this.#closed.promise, new Promise((resolve) => setTimeout(resolve, 2000).unref())])
    }
    this.#closing = true
    await this.#worker.terminate()
  }

  tokensChanged(events: Iterable<ObservedToken>): void {
    if (this.#dead !== null) return
    const state = this.#observer?.state
    if (state === undefined) return
    for (const event of events) this.#note(state, event)
    if (this.#batch.bytes > troubleBytes) this.#forget()
    this.#soon()
  }

  #note(state: ObservedState, event: ObservedToken): void {
    switch (event.kind) {
      case 'accepted':
        this.places.accepted(event.slot, this.#number)
        return noteAccepted(this.#batch, state, event, this.#operations.numberOf(event.operation))
      case 'again':
        return this.#batch.again(event.sequence, event.attempt)
      case 'held':
        return this.#batch.held(event.sequence, state.table.has(event.slot, tokenFlags.held))
      // The later end of a token replaces the earlier.
      case 'ended':
      case 'amended':
        if (this.#leavesWaiting && event.state === 'KILLED' && event.startedAt === 0) return
        this.places.ended(event.slot, this.#number)
        return noteEnded(this.#batch, state, event)
    }
  }

  #empty(): boolean {
    return this.#batch.count + this.#audit.length + this.#settings.length === 0
  }

  #soon(): void {
    if (this.#inFlight || this.#dead !== null) return
    if (this.#batch.bytes > eagerBytes || this.#waiters.length > 0 || this.#syncDue) this.#post()
    else this.#timer ??= setTimeout(() => this.#post(), lazyMs)
  }

  /** One batch at a time: what happens meanwhile shares the next transaction. */
  #post(): void {
    if (this.#inFlight || this.#dead !== null) return
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    const everything = this.#tellAll
    if (everything) this.#noteAll()
    // What people did and chose is as good as told.
    const sync = this.#syncDue || this.#waiters.length > 0 || this.#audit.length + this.#settings.length > 0
    if (this.#empty() && !(sync && this.#synced < this.#written)) return
    const taken = this.#batch.take()
    const state = this.#observer?.state
    const batch: JournalBatch = {
      ...taken,
      number: this.#number,
      everything,
      sync,
      operations: this.#operations.takeNew(),
      cores: state?.cores.length ?? 0,
      workersPerCore: state?.options.workersPerCore ?? 0,
      audit: this.#audit,
      settings: this.#settings,
    }
    this.#number += 1
    this.#audit = []
    this.#settings = []
    this.#inFlight = true
    this.#send({ type: 'batch', batch }, [taken.records, taken.bytes])
  }

  #receive(message: FromWriter): void {
    switch (message.type) {
      case 'committed':
        this.#batch.giveBack(message.buffers)
        if (message.texts.length > 0) for (const listener of this.#textListeners) listener(message.texts)
        return this.#committed(message)
      case 'trouble':
        this.#trouble = message.sentence
        return this.notify('error', message.sentence)
      case 'recovered':
        this.#trouble = null
        return this.notify('info', 'The journal can be written again; nothing that was accepted is missing in it.')
      case 'fresh':
        return this.#startAfresh(message.sentence)
      case 'removed':
        for (const listener of this.#removedListeners) listener(message.sequences)
        return
      case 'slow':
        return this.notify('slow', message.sentence)
      case 'retention-progress':
        return this.#retaining.get(message.request)?.progress(message.rows)
      case 'retained': {
        const retaining = this.#retaining.get(message.request)
        this.#retaining.delete(message.request)
        return retaining?.settle(message.answer)
      }
      case 'closed':
        return this.#closed.resolve()
    }
  }

  #committed({ number, synced, figures }: Extract<FromWriter, { type: 'committed' }>): void {
    this.#written = number
    this.#figures = figures
    this.#inFlight = false
    if (synced) this.#settle(number)
    else this.#syncTimer ??= setTimeout(() => this.#sync(), syncMs).unref()
    if (!this.#empty() || this.#tellAll || this.#waiters.length > 0 || this.#syncDue) this.#soon()
  }

  /** Everything up to this batch is on the disk. */
  #settle(number: number): void {
    this.#synced = number
    this.#syncDue = false
    if (this.#syncTimer !== null) clearTimeout(this.#syncTimer)
    this.#syncTimer = null
    const settled = this.#waiters.filter((waiter) => waiter.number <= number)
    if (settled.length > 0) this.#waiters = this.#waiters.filter((waiter) => waiter.number > number)
    for (const waiter of settled) waiter.settle(null)
  }

  #sync(): void {
    this.#syncTimer = null
    this.#syncDue = true
    this.#post()
  }

  #startAfresh(sentence: string): void {
    this.notify('error', sentence)
    this.#trouble = null
    this.#inFlight = false
    this.#forget()
    this.#post()
    for (const listener of this.#freshListeners) listener()
  }

  /** Gives up the rows that gathered; all that is known is told instead when the file can be written again. */
  #forget(): void {
    this.#batch.take()
    this.#operations.forget()
    this.#tellAll = true
  }

  #noteAll(): void {
    const observer = this.#observer
    if (observer === null) return
    this.#tellAll = false
    observer.tellAll((event) => this.#note(observer.state, event))
  }

  #send(message: ToWriter, transfer: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transfer)
  }

  #died(error: GuardhouseError): void {
    if (this.#dead !== null || this.#closing) return
    this.#dead = error
    this.#closed.resolve()
    for (const waiter of this.#waiters.splice(0)) waiter.settle(error)
    for (const { settle } of this.#retaining.values()) settle(toErrorData(error))
    this.#retaining.clear()
    this.notify('error', error.message)
  }

  notify(level: JournalNotice['level'], text: string): void {
    for (const listener of this.#noticeListeners) listener({ level, text })
  }
}

function died(cause: Error): GuardhouseError {
  return new GuardhouseError(
    'internal',
    `the journal's thread died (${cause.message}); nothing is written down any more`,
    {
      hint: 'Tokens go on. Start Guardhouse again to have a journal.',
      cause,
    },
  )
}
