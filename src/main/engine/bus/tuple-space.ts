import { GuardhouseError, toErrorData } from '../../../shared/errors.ts'
import type { Template, Tuple, TupleInput } from '../../../shared/model/bus.ts'
import { LeaseClock } from './lease-clock.ts'
import type { LentTuple } from './lent-tuple.ts'
import { type Lender, Loan } from './loan.ts'
import { compileMatcher, type Matcher, matches, narrowedTo, type TuplePredicate } from './matcher.ts'
import { ProducerQueue } from './producer-queue.ts'
import { sealTuple, type TupleLimits, tupleLimits, wrappingLimits } from './seal-tuple.ts'
import type { SpaceObserver } from './space-observers.ts'
import {
  defaultLeaseMs,
  type LendOptions,
  type PutOptions,
  type TakeOptions,
  type TupleSpaceOptions,
} from './space-options.ts'
import type { LaneCount, MaybePromise, StorePage, Taken, TupleStore } from './stores/tuple-store.ts'
import { TupleClock } from './tuple-clock.ts'
import { type Attempt, firstInLine, type Waiter, WaiterQueues } from './waiter-queues.ts'

type Wanted = Template | TuplePredicate

/**
 * A tuple space over a store. One rule for waiting everywhere: without a timeout, or with null, for ever; 0 looks once. Whoever
 * waits first for what arrives gets it; readers get it whoever takes it.
 */
export class TupleSpace {
  readonly store: TupleStore
  readonly #clock: TupleClock
  readonly #limits: TupleLimits
  readonly #waitersMax: number
  readonly #observer: SpaceObserver | null
  readonly #takers = new WaiterQueues()
  readonly #readers = new WaiterQueues()
  readonly #leases = new LeaseClock(() => this.#expire())
  readonly #lender: Lender
  readonly #producers: ProducerQueue
  readonly #admit: (() => void) | undefined
  #positions = 0
  #stopListening: (() => void) | null = null
  #closed = false

  constructor(options: TupleSpaceOptions) {
    this.store = options.store
    this.#clock = options.clock ?? new TupleClock()
    this.#limits = options.limits ?? tupleLimits
    this.#waitersMax = options.waitersMax ?? 100_000
    this.#observer = options.observer ?? null
    this.#admit = options.admit
    this.#producers = new ProducerQueue({
      store: this.store,
      patienceMs: options.patienceMs ?? (() => 0),
      offered: (tuple) => {
        if (this.#takers.size > 0) this.#offer(tuple)
      },
    })
    this.#lender = {
      store: this.store,
      leases: this.#leases,
      observer: this.#observer,
      seal: (input) => sealTuple(input, this.#clock, wrappingLimits(this.#limits)),
      arrived: (tuple) => {
        if (this.#takers.size > 0) this.#offer(tuple)
        if (this.#readers.size > 0) this.#show(tuple)
      },
      gone: () => this.#producers.roomMade(),
    }
  }

  /**
   * Puts a copy; resolves with its id once it is kept. A tuple whose id is there already is skipped. Rejects with `bad-request`,
   * `too-large`, `overloaded` when the store stays full, or what else keeps it from keeping it; then nothing was put.
   */
  async out(input: TupleInput, options: PutOptions = {}): Promise<string> {
    const { by = '' } = options
    this.#checkOpen()
    this.#admit?.()
    const tuple = sealTuple(input, this.#clock, this.#limits)
    this.#observer?.offered(tuple, by)
    const stored = this.#producers.put(tuple, options)
    if ((typeof stored === 'boolean' ? stored : await stored) === false) return tuple.id
    if (this.#readers.size > 0) this.#show(tuple)
    this.#observer?.put(tuple, by)
    return tuple.id
  }

  /** Takes the oldest match for good. Null when none came in time. */
  async in(wanted: Wanted, options: TakeOptions = {}): Promise<Tuple | null> {
    const taken = this.#take(compileMatcher(wanted), null, options)
    return tupleOf(taken instanceof Promise ? await taken : taken)
  }

  /** Takes the oldest match for `leaseMs` milliseconds: unless acknowledged by then it comes back. */
  async lend(wanted: Wanted, { leaseMs = defaultLeaseMs, ...options }: LendOptions = {}): Promise<LentTuple | null> {
    if (!(leaseMs > 0 && leaseMs <= 2 ** 31 - 1)) {
      throw new GuardhouseError('bad-request', `leaseMs is ${leaseMs}, allowed is more than 0 up to 2147483647`)
    }
    const taken = await this.#take(compileMatcher(wanted), leaseMs, options)
    return taken === null ? null : new Loan(taken, leaseMs, this.#lender)
  }

  /** The oldest match, which stays where it is. Null when none came in time. */
  async rd(wanted: Wanted, options: TakeOptions = {}): Promise<Tuple | null> {
    this.#checkOpen()
    const matcher = compileMatcher(wanted)
    const { signal, timeoutMs = null } = options
    signal?.throwIfAborted()
    // First in the queue, so that nothing which arrives while the store looks goes unseen.
    if (timeoutMs === null || timeoutMs > 0) {
      return new Promise((resolve, reject) => {
        const settle = (taken: Taken | null) => resolve(tupleOf(taken))
        const waiter = this.#wait(matcher, false, null, options, settle, reject)
        if (waiter !== null) this.#attempt(waiter, matcher)
      })
    }
    return this.store.read(matcher)
  }

  /** `in` without waiting. */
  inp(wanted: Wanted, options: TakeOptions = {}): Promise<Tuple | null> {
    return this.in(wanted, { ...options, timeoutMs: 0 })
  }

  /** `rd` without waiting. */
  rdp(wanted: Wanted): Promise<Tuple | null> {
    return this.rd(wanted, { timeoutMs: 0 })
  }

  /**
   * Runs `work` beside everything else and puts what it gives, with `fields` added. When it fails, an error tuple with the same
   * fields and `error` is put instead, so that whoever waits for them hears of it. Settles as `work` does, once the tuple is put.
   */
  async eval<T extends TupleInput>(
    fields: TupleInput,
    work: () => T | Promise<T>,
    options: PutOptions = {},
  ): Promise<T> {
    let value: T
    try {
      value = await work()
    } catch (error) {
      const { kind, message } = toErrorData(error, 'operation-failed')
      await this.out({ ...fields, error: { kind, message } }, options)
      throw error
    }
    await this.out({ ...value, ...fields }, options)
    return value
  }

  /** Every tuple, oldest first, lent ones too. */
  async all(): Promise<readonly Tuple[]> {
    const { tuples } = await this.list({}, 0, Number.MAX_SAFE_INTEGER)
    return tuples.map(({ tuple }) => tuple)
  }

  async list(wanted: Wanted, offset: number, limit: number): Promise<StorePage> {
    this.#checkOpen()
    return this.store.list(compileMatcher(wanted), offset, limit)
  }

  async lanes(): Promise<readonly LaneCount[]> {
    return this.store.lanes()
  }

  /** Removes what waits in a lane but for the newest `keep`. Returns how many. */
  async discard(lane: string, keep = 0): Promise<number> {
    const discarded = await this.store.discard(lane, keep)
    if (discarded > 0) this.#producers.roomMade()
    this.#observer?.discarded?.(lane)
    return discarded
  }

  /** Who waits, first come first; takers and readers. */
  waiting(): readonly Pick<Waiter, 'matcher' | 'takes' | 'since' | 'by' | 'position'>[] {
    return [...this.#takers.all(), ...this.#readers.all()].sort((a, b) => a.position - b.position)
  }

  /** Who waits for room to put. */
  get producers(): number {
    return this.#producers.size
  }

  get waiters(): number {
    return this.#takers.size + this.#readers.size
  }

  /** Whoever waits is told; what is lent stays so until its time is over. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#leases[Symbol.dispose]()
    const error = new GuardhouseError('stopped', 'the tuple space was closed')
    for (const waiter of [...this.#takers.all(), ...this.#readers.all()]) waiter.reject(error)
    this.#producers.close(error)
    await this.store.close()
  }

  #checkOpen(): void {
    if (this.#closed) throw new GuardhouseError('stopped', 'the tuple space is closed')
  }

  #take(matcher: Matcher, leaseMs: number | null, options: TakeOptions): MaybePromise<Taken | null> {
    this.#checkOpen()
    const { signal, timeoutMs = null, by = '' } = options
    signal?.throwIfAborted()
    if (timeoutMs !== null && !(timeoutMs > 0)) {
      const taken = this.store.take(matcher, leaseMs)
      if (taken instanceof Promise) return taken.then((value) => this.#tookAtOnce(value, by))
      return this.#tookAtOnce(taken, by)
    }
    // A store that answers at once needs no place in the queue to find what is there.
    if (!this.store.shared) {
      const taken = this.store.take(matcher, leaseMs)
      if (taken instanceof Promise) return taken.then((value) => this.#tookAtOnce(value, by))
      if (taken !== null) return this.#tookAtOnce(taken, by)
    }
    return new Promise((resolve, reject) => {
      const waiter = this.#wait(matcher, true, leaseMs, options, resolve, reject)
      if (waiter !== null && this.store.shared) this.#attempt(waiter, matcher)
    })
  }

  #tookAtOnce(taken: Taken | null, by: string): Taken | null {
    if (taken !== null) this.#took(taken, by, 0)
    return taken
  }

  #took({ tuple, lease }: Taken, by: string, waitedMs: number): void {
    this.#observer?.taken(tuple, by, waitedMs, lease !== null)
    if (lease === null) this.#producers.roomMade()
  }

  #wait(
    matcher: Matcher,
    takes: boolean,
    leaseMs: number | null,
    { signal, timeoutMs = null, by = '' }: TakeOptions,
    resolve: (taken: Taken | null) => void,
    reject: (error: unknown) => void,
  ): Waiter | null {
    if (this.waiters >= this.#waitersMax) {
      reject(new GuardhouseError('overloaded', `${this.#waitersMax} wait for tuples already`))
      return null
    }
    const end = (settle: () => void) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', aborted)
      this.#remove(waiter)
      settle()
    }
    const waiter: Waiter = {
      matcher,
      takes,
      leaseMs,
      position: this.#positions++,
      since: Date.now(),
      by,
      attempt: null,
      again: false,
      over: null,
      resolve: (taken) => end(() => resolve(taken)),
      reject: (error) => end(() => reject(error)),
      line: null,
      place: null,
      turn: null,
    }
    // What a take under way has taken already goes to the waiter even if it gives up meanwhile.
    const giveUp = (settle: () => void) => {
      if (waiter.attempt !== null) waiter.over = () => end(settle)
      else end(settle)
    }
    const aborted = () => giveUp(() => reject(signal?.reason))
    const timer =
      timeoutMs === null ? undefined : setTimeout(() => giveUp(() => resolve(null)), Math.min(timeoutMs, 2 ** 31 - 1))
    signal?.addEventListener('abort', aborted)
    this.#queueOf(waiter).add(waiter)
    this.#stopListening ??= this.store.onArrival(() => this.#retryAll())
    return waiter
  }

  #queueOf(waiter: Waiter): WaiterQueues {
    return waiter.takes ? this.#takers : this.#readers
  }

  #remove(waiter: Waiter): void {
    this.#queueOf(waiter).remove(waiter)
    if (this.waiters > 0) return
    this.#stopListening?.()
    this.#stopListening = null
  }

  /** Hands a tuple to the first that wants it. */
  #offer(tuple: Tuple): void {
    const busy: Waiter[] = []
    for (const waiter of this.#takers.offered(tuple)) {
      if (!this.#wants(waiter, tuple)) continue
      if (waiter.attempt === null) return this.#attempt(waiter, narrowedTo(waiter.matcher, tuple.id))
      busy.push(waiter)
    }
    for (const waiter of busy) waiter.again = true
    this.#takers.missed(tuple)
  }

  /** Shows a tuple to everybody who wants to read it. */
  #show(tuple: Tuple): void {
    const wanting = [...this.#readers.suited(tuple)].filter((waiter) => this.#wants(waiter, tuple))
    for (const waiter of wanting) waiter.resolve({ tuple, lease: null, deliveries: 0 })
  }

  #wants(waiter: Waiter, tuple: Tuple): boolean {
    try {
      return matches(waiter.matcher, tuple)
    } catch (error) {
      // Its own predicate threw: that is the waiter's trouble, not that of whoever puts.
      waiter.reject(error)
      return false
    }
  }

  /** Looks into the store on behalf of a waiter. */
  #attempt(waiter: Waiter, matcher: Matcher): void {
    const attempt: Attempt = { owner: waiter }
    waiter.attempt = attempt
    this.#queueOf(waiter).looks(waiter)
    const failed = (error: unknown) => this.#attemptFailed(attempt.owner, error)
    try {
      const found: MaybePromise<Taken | null> = waiter.takes
        ? this.store.take(matcher, waiter.leaseMs)
        : this.#read(matcher)
      if (found instanceof Promise) found.then((taken) => this.#attempted(attempt.owner, taken), failed)
      else this.#attempted(waiter, found)
    } catch (error) {
      failed(error)
    }
  }

  #attemptFailed(waiter: Waiter, error: unknown): void {
    waiter.attempt = null
    if (waiter.over !== null) return waiter.over()
    // A store that is away comes back, and tells that something may have arrived.
    if (error instanceof GuardhouseError && error.kind === 'disconnected') this.#queueOf(waiter).failed(waiter)
    else waiter.reject(error)
  }

  #read(matcher: Matcher): MaybePromise<Taken | null> {
    const asTaken = (tuple: Tuple | null) => (tuple === null ? null : { tuple, lease: null, deliveries: 0 })
    const found = this.store.read(matcher)
    return found instanceof Promise ? found.then(asTaken) : asTaken(found)
  }

  #attempted(waiter: Waiter, taken: Taken | null): void {
    waiter.attempt = null
    if (taken !== null && !waiter.takes) return waiter.resolve(taken)
    if (taken !== null) {
      const first = firstInLine(waiter)
      const pending = first.attempt
      this.#took(taken, first.by, Date.now() - first.since)
      first.resolve(taken)
      if (first === waiter) return
      // Who was overtaken goes on in the place of the one that has been served.
      waiter.again = true
      if (pending !== null) {
        pending.owner = waiter
        waiter.attempt = pending
        return
      }
    }
    if (waiter.over !== null) return waiter.over()
    if (waiter.place === null || (!waiter.again && !this.#queueOf(waiter).foundNothing(waiter))) return
    waiter.again = false
    this.#attempt(waiter, waiter.matcher)
  }

  /** Something may have arrived for anybody. */
  #retryAll(): void {
    for (const waiter of [...this.#takers.all(), ...this.#readers.all()]) {
      if (waiter.attempt !== null) waiter.again = true
      else this.#attempt(waiter, waiter.matcher)
    }
  }

  async #expire(): Promise<void> {
    if (this.#closed) return
    if ((await this.store.expire()) > 0) this.#retryAll()
  }
}

function tupleOf(taken: Taken | null): Tuple | null {
  return taken === null ? null : taken.tuple
}
