import { randomUUID } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import { fromErrorData, GuardhouseError } from '../../../../shared/errors.ts'
import type { Template, Tuple } from '../../../../shared/model/bus.ts'
import { type Matcher, matches } from '../matcher.ts'
import { parseTuple } from '../parse-tuple.ts'
import { spacedText } from '../tuple-text.ts'
import { defaultMaxTuples } from './resident-limit.ts'
import type {
  FromSqlite,
  PutRequest,
  SqliteAnswers,
  SqliteOutcome,
  SqliteRequest,
  SqliteThreadData,
  ToSqlite,
} from './sqlite-messages.ts'
import type { LaneCount, Lease, StorePage, Taken, TupleStore } from './tuple-store.ts'

export interface SqliteStoreOptions extends Partial<SqliteThreadData> {
  /** Where the store's thread starts. */
  readonly entry: URL
  /** The database file; made when missing. Several processes may use it at once. */
  readonly path: string
}

type Answer<Request extends SqliteRequest> = SqliteAnswers[Request['do']]

interface Open {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/** So that the thread commits some while the answers to others are read here. */
const requestsPerMessage = 256
/** Free tuples that are looked at together on behalf of a predicate. */
const pageSize = 200

/**
 * Tuples in a SQLite file, which a thread of its own reads and writes: whoever asks never waits for the disk, and every answer is
 * on it. What is asked in one turn is committed together.
 */
export class SqliteStore implements TupleStore {
  readonly name = 'sqlite'
  readonly shared = true
  readonly lasting = true
  readonly #worker: Worker
  readonly #listeners = new Set<() => void>()
  readonly #holderPrefix = randomUUID()
  readonly #closed = Promise.withResolvers<void>()
  #holders = 0
  #requests: SqliteRequest[] = []
  /** Those asked and not answered, in the order of asking. */
  #open: Open[] = []
  #answered = 0
  #gone: GuardhouseError | null = null

  /** Rejects with `not-allowed` when the file cannot be opened or is no such database. */
  static async open(options: SqliteStoreOptions): Promise<SqliteStore> {
    const { entry, path, maxTuples = defaultMaxTuples, lookEveryMs = 15 } = options
    const workerData: SqliteThreadData = { path, maxTuples, lookEveryMs }
    const worker = new Worker(entry, { workerData, name: 'tuples' })
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const failed = (error: Error) => reject(died(error.message, error))
    worker.once('error', failed)
    worker.once('message', (message: FromSqlite) => {
      worker.off('error', failed)
      if (message.type === 'failed') reject(fromErrorData(message.error))
      else resolve()
    })
    try {
      await promise
    } catch (error) {
      await worker.terminate()
      throw error
    }
    return new SqliteStore(worker)
  }

  private constructor(worker: Worker) {
    this.#worker = worker
    worker.on('message', (message: FromSqlite) => this.#receive(message))
    worker.on('error', (error) => this.#end(died(error.message, error)))
    worker.on('exit', () => this.#end(died('it ended')))
  }

  put(tuple: Tuple): Promise<boolean> {
    return this.#ask(putRequest(tuple))
  }

  async take(matcher: Matcher, leaseMs: number | null): Promise<Taken | null> {
    if (matcher.template !== null) return this.#take(matcher.template, leaseMs)
    for await (const { id } of this.#candidates(matcher)) {
      // Somebody else may have been quicker: then on to the next.
      const taken = await this.#take({ id }, leaseMs)
      if (taken !== null) return taken
    }
    return null
  }

  async read(matcher: Matcher): Promise<Tuple | null> {
    if (matcher.template === null) {
      for await (const tuple of this.#candidates(matcher)) return tuple
      return null
    }
    // Through the same queue: whoever has put something sees it when reading next.
    const body = await this.#ask({ do: 'read', template: matcher.template })
    return body === null ? null : parseTuple(body)
  }

  acknowledge({ id, holder }: Lease): Promise<boolean> {
    return this.#ask({ do: 'acknowledge', id, holder })
  }

  replace(lease: Lease, tuple: Tuple): Promise<boolean> {
    return this.#ask({ do: 'replace', lease, put: putRequest(tuple) })
  }

  renew({ id, holder }: Lease, leaseMs: number): Promise<boolean> {
    return this.#ask({ do: 'renew', id, holder, leaseMs })
  }

  giveBack({ id, holder }: Lease, unused = false): Promise<boolean> {
    return this.#ask({ do: 'giveBack', id, holder, unused })
  }

  expire(): Promise<number> {
    return this.#ask({ do: 'expire' })
  }

  discard(lane: string, keep: number): Promise<number> {
    return this.#ask({ do: 'discard', lane, keep })
  }

  async list(matcher: Matcher, offset: number, limit: number): Promise<StorePage> {
    if (matcher.template !== null) {
      const page = await this.#ask({ do: 'list', template: matcher.template, offset, limit })
      return { tuples: page.rows.map(asStored), matched: page.matched }
    }
    const { rows } = await this.#ask({ do: 'list', template: {}, offset: 0, limit: Number.MAX_SAFE_INTEGER })
    const wanted = rows.map(asStored).filter(({ tuple }) => matches(matcher, tuple))
    return { tuples: wanted.slice(offset, offset + limit), matched: wanted.length }
  }

  lanes(): Promise<readonly LaneCount[]> {
    return this.#ask({ do: 'lanes' })
  }

  limitTo(maxTuples: number): void {
    this.#say({ type: 'limit', maxTuples })
  }

  onArrival(listener: () => void): () => void {
    this.#listeners.add(listener)
    if (this.#listeners.size === 1) this.#say({ type: 'watch', on: true })
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#say({ type: 'watch', on: false })
    }
  }

  /** What was asked before is done and on the disk when this resolves. */
  async close(): Promise<void> {
    this.#send()
    this.#say({ type: 'close' })
    await this.#closed.promise
    await this.#worker.terminate()
  }

  async #take(template: Template, leaseMs: number | null): Promise<Taken | null> {
    const holder = leaseMs === null ? '' : `${this.#holderPrefix}-${++this.#holders}`
    const taken = await this.#ask({ do: 'take', template, leaseMs, holder })
    if (taken === null) return null
    const tuple = parseTuple(taken.body)
    return { tuple, lease: leaseMs === null ? null : { id: tuple.id, holder }, deliveries: taken.deliveries }
  }

  /** Free tuples that the predicate accepts, oldest first. */
  async *#candidates(matcher: Matcher): AsyncGenerator<Tuple> {
    const template = matcher.id === null ? {} : { id: matcher.id }
    let after = -1
    for (;;) {
      const rows = await this.#ask({ do: 'free', template, after, limit: pageSize })
      for (const { position, body } of rows) {
        after = position
        const tuple = parseTuple(body)
        if (matches(matcher, tuple)) yield tuple
      }
      if (rows.length === 0) return
    }
  }

  #ask<Request extends SqliteRequest>(request: Request): Promise<Answer<Request>> {
    return new Promise<unknown>((resolve, reject) => {
      if (this.#gone !== null) return reject(this.#gone)
      // After everything that runs in this turn, so that all of it travels together.
      if (this.#requests.length === 0) process.nextTick(() => this.#send())
      this.#requests.push(request)
      this.#open.push({ resolve, reject })
    }) as Promise<Answer<Request>>
  }

  #send(): void {
    const requests = this.#requests
    this.#requests = []
    for (let from = 0; from < requests.length; from += requestsPerMessage) {
      this.#say({ type: 'ask', requests: requests.slice(from, from + requestsPerMessage) })
    }
  }

  #say(message: ToSqlite): void {
    if (this.#gone === null) this.#worker.postMessage(message)
  }

  #receive(message: FromSqlite): void {
    switch (message.type) {
      case 'answers':
        return this.#answer(message.outcomes)
      case 'arrived':
        for (const listener of this.#listeners) listener()
        return
      case 'closed':
        return this.#end(new GuardhouseError('stopped', 'the tuple store is closed'))
    }
  }

  #answer(outcomes: readonly SqliteOutcome[]): void {
    const asked = this.#open.slice(this.#answered, this.#answered + outcomes.length)
    this.#answered += outcomes.length
    if (this.#answered * 2 >= this.#open.length) {
      this.#open = this.#open.slice(this.#answered)
      this.#answered = 0
    }
    for (const [index, { resolve, reject }] of asked.entries()) {
      const outcome = outcomes[index]
      if (outcome === undefined) continue
      if ('error' in outcome) reject(fromErrorData(outcome.error))
      else resolve(outcome.value)
    }
  }

  /** Only the first cause counts. */
  #end(cause: GuardhouseError): void {
    if (this.#gone !== null) return
    this.#gone = cause
    this.#closed.resolve()
    for (const { reject } of this.#open.slice(this.#answered)) reject(cause)
    this.#open = []
    this.#answered = 0
  }
}

function putRequest(tuple: Tuple): PutRequest {
  const { lane, yool, id } = tuple
  return { do: 'put', id, lane: textOrNull(lane), yool: textOrNull(yool), body: spacedText(tuple) }
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function asStored({ body, leased, deliveries }: SqliteAnswers['list']['rows'][number]) {
  return { tuple: parseTuple(body), leased, deliveries }
}

function died(how: string, cause?: unknown): GuardhouseError {
  return new GuardhouseError('internal', `the thread of the tuple store died: ${how}`, {
    hint: 'Start Guardhouse again; what was acknowledged is on the disk.',
    cause,
  })
}
