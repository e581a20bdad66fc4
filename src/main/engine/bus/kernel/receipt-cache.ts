import { hash } from 'node:crypto'
import type { TupleValue } from '../../../../shared/model/bus.ts'
import { canonicalText } from '../tuple-text.ts'

export interface ReceiptCacheSettings {
  readonly maxEntries: number
  /** Sizes of all kept values together, bytes. */
  readonly maxBytes?: number
  /** Age beyond which an answer serves no more, milliseconds; using it does not make it younger. */
  readonly ttlMs: number
  /** Monotonic milliseconds. */
  readonly now?: () => number
}

export interface ReceiptCacheReport {
  readonly entries: number
  readonly maxEntries: number
  readonly ttlMs: number
  /** Answers out of the cache, and from an equal call that was under way. Since the start. */
  readonly hits: number
  readonly shared: number
}

export interface Answer<Value> {
  readonly value: Value
  readonly from: 'run' | 'cache' | 'shared'
}

/** What a run gave, and whether it may answer others. */
export interface RunResult<Value> {
  readonly value: Value
  readonly good: boolean
  /** What it takes to keep it. */
  readonly bytes?: number
}

/** Everything that makes two calls different, as one key: name, data, and whatever scope they have. */
export function cacheKey(call: { readonly [key: string]: TupleValue }): string {
  return hash('sha256', canonicalText(call), 'hex')
}

interface Entry<Value> {
  readonly value: Value
  readonly at: number
  readonly bytes: number
}

const defaultMaxBytes = 64 * 2 ** 20

/** Answers of earlier equal calls, by one key each; the longest unused goes first. Values must be frozen or copied by whoever gets them. */
export class ReceiptCache<Value> {
  readonly #settings: Required<ReceiptCacheSettings>
  /** Longest unused first. */
  readonly #entries = new Map<string, Entry<Value>>()
  readonly #running = new Map<string, Promise<RunResult<Value>>>()
  #bytes = 0
  #hits = 0
  #shared = 0
  /** Of runs that began before the last `clear`, nothing is kept. */
  #epoch = 0

  constructor(settings: ReceiptCacheSettings) {
    this.#settings = { now: () => performance.now(), maxBytes: defaultMaxBytes, ...settings }
  }

  /** The kept answer, or that of an equal call which runs now, or what `run` gives. A run that is not good answers nobody else. */
  async answer(key: string, run: () => Promise<RunResult<Value>>): Promise<Answer<Value>> {
    for (;;) {
      const kept = this.#get(key)
      if (kept !== undefined) return { value: kept.value, from: 'cache' }
      const running = this.#running.get(key)
      if (running === undefined) return { value: await this.#run(key, run), from: 'run' }
      const result = await running.catch(() => null)
      if (result?.good !== true) continue
      this.#shared += 1
      return { value: result.value, from: 'shared' }
    }
  }

  clear(): void {
    this.#epoch += 1
    this.#entries.clear()
    this.#bytes = 0
    this.#running.clear()
  }

  report(): ReceiptCacheReport {
    const { maxEntries, ttlMs } = this.#settings
    return { entries: this.#entries.size, maxEntries, ttlMs, hits: this.#hits, shared: this.#shared }
  }

  #get(key: string): { readonly value: Value } | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    if (this.#settings.now() - entry.at > this.#settings.ttlMs) {
      this.#drop(key)
      return undefined
    }
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    this.#hits += 1
    return entry
  }

  async #run(key: string, run: () => Promise<RunResult<Value>>): Promise<Value> {
    const epoch = this.#epoch
    const running = run()
    this.#running.set(key, running)
    try {
      const { value, good, bytes = 0 } = await running
      if (good && epoch === this.#epoch) this.#keep(key, { value, bytes, at: this.#settings.now() })
      return value
    } finally {
      if (this.#running.get(key) === running) this.#running.delete(key)
    }
  }

  #keep(key: string, entry: Entry<Value>): void {
    this.#entries.set(key, entry)
    this.#bytes += entry.bytes
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#settings.maxEntries && this.#bytes <= this.#settings.maxBytes) return
      this.#drop(oldest)
    }
  }

  #drop(key: string): void {
    this.#bytes -= this.#entries.get(key)?.bytes ?? 0
    this.#entries.delete(key)
  }
}
