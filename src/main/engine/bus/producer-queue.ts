import { GuardhouseError } from '../../../shared/errors.ts'
import type { Tuple, WaitOptions } from '../../../shared/model/bus.ts'
import type { MaybePromise, TupleStore } from './stores/tuple-store.ts'
import { spacedText } from './tuple-text.ts'

export interface ProducerLimits {
  /** Further ones are refused at once, because what they hold is held in memory. */
  readonly producers: number
  /** Of JSON that waits in all. */
  readonly characters: number
}

const standard: ProducerLimits = { producers: 10_000, characters: 64 << 20 }
/** Other processes make room too, and nobody tells: how often the first in line tries, milliseconds. */
const tryEveryMs = 25

interface Producer {
  readonly tuple: Tuple
  readonly characters: number
  /** Its tuple is on the way to the store: whether it was kept is known soon, and counts more than that it gave up meanwhile. */
  trying: boolean
  /** Why it gave up while its tuple was on the way. */
  over: { readonly reason: unknown } | null
  readonly resolve: (kept: boolean) => void
  readonly reject: (error: unknown) => void
}

export interface ProducerQueueParts {
  readonly store: TupleStore
  /** How long a producer waits for room unless it says itself, milliseconds. */
  readonly patienceMs: () => number
  /** A tuple has been handed to the store. */
  readonly offered: (tuple: Tuple) => void
  readonly limits?: ProducerLimits
}

/** Puts tuples. While the store is full whoever puts is held up, first come first served, for as long as it may wait. */
export class ProducerQueue {
  readonly #parts: ProducerQueueParts
  readonly #limits: ProducerLimits
  readonly #waiting = new Set<Producer>()
  #characters = 0
  #trying = false
  #timer: NodeJS.Timeout | null = null

  constructor(parts: ProducerQueueParts) {
    this.#parts = parts
    this.#limits = parts.limits ?? standard
  }

  get size(): number {
    return this.#waiting.size
  }

  /** As the store's `put`, but fails as `overloaded` only when there was no room in time. */
  put(tuple: Tuple, options: WaitOptions): MaybePromise<boolean> {
    if (this.#waiting.size > 0) return this.#wait(tuple, options, null)
    try {
      const kept = this.#try(tuple)
      return kept instanceof Promise ? kept.catch((error: unknown) => this.#waitFor(tuple, options, error)) : kept
    } catch (error) {
      return this.#waitFor(tuple, options, error)
    }
  }

  /** Something has left the store. */
  roomMade(): void {
    if (this.#waiting.size > 0) void this.#serve()
  }

  close(error: GuardhouseError): void {
    for (const producer of [...this.#waiting]) producer.reject(error)
  }

  #try(tuple: Tuple): MaybePromise<boolean> {
    const kept = this.#parts.store.put(tuple)
    // At once, so that nobody who comes later is served first.
    this.#parts.offered(tuple)
    return kept
  }

  #waitFor(tuple: Tuple, options: WaitOptions, error: unknown): Promise<boolean> {
    if (!isFull(error)) throw error
    return this.#wait(tuple, options, error)
  }

  #wait(tuple: Tuple, { timeoutMs = this.#parts.patienceMs(), signal }: WaitOptions, full: unknown): Promise<boolean> {
    if (timeoutMs === 0) throw full ?? crowded(`${this.#waiting.size} wait for room already`)
    signal?.throwIfAborted()
    const characters = spacedText(tuple).length
    if (this.#waiting.size >= this.#limits.producers || this.#characters + characters > this.#limits.characters) {
      throw crowded(`${this.#waiting.size} wait for room with ${this.#characters} characters already`)
    }
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', aborted)
        if (this.#waiting.delete(producer)) this.#characters -= characters
        settle()
      }
      const producer: Producer = {
        tuple,
        characters,
        trying: false,
        over: null,
        resolve: (kept) => end(() => resolve(kept)),
        reject: (error) => end(() => reject(error)),
      }
      const giveUp = (reason: unknown) => {
        if (producer.trying) producer.over = { reason }
        else producer.reject(reason)
      }
      const aborted = () => giveUp(signal?.reason)
      const tooLate = () => giveUp(full ?? crowded(`there was no room for ${timeoutMs} ms`))
      const timer = timeoutMs === null ? undefined : setTimeout(tooLate, Math.min(timeoutMs, 2 ** 31 - 1))
      signal?.addEventListener('abort', aborted)
      this.#waiting.add(producer)
      this.#characters += characters
      this.#timer ??= setInterval(() => void this.#serve(), tryEveryMs)
    })
  }

  /** Those who wait, in their order, as long as there is room. */
  async #serve(): Promise<void> {
    if (this.#trying) return
    this.#trying = true
    try {
      for (const producer of this.#waiting) if (!(await this.#serveOne(producer))) break
    } finally {
      this.#trying = false
      if (this.#waiting.size === 0 && this.#timer !== null) {
        clearInterval(this.#timer)
        this.#timer = null
      }
    }
  }

  /** False: the store is still full. */
  async #serveOne(producer: Producer): Promise<boolean> {
    producer.trying = true
    try {
      producer.resolve(await this.#try(producer.tuple))
    } catch (error) {
      producer.trying = false
      if (!isFull(error)) producer.reject(error)
      else if (producer.over !== null) producer.reject(producer.over.reason)
      else return false
    }
    return true
  }
}

function isFull(error: unknown): boolean {
  return error instanceof GuardhouseError && error.kind === 'overloaded'
}

function crowded(why: string): GuardhouseError {
  return new GuardhouseError('overloaded', `the tuple space is full: ${why}`, {
    hint: 'Take some of its tuples, or drain a lane; nothing that is there is lost.',
  })
}
