import { randomUUID } from 'node:crypto'
import type { Tuple } from '../../../../shared/model/bus.ts'
import type { TupleJournal } from '../log/tuple-journal.ts'
import { compileMatcher, type Matcher, matches } from '../matcher.ts'
import { LaneCounts } from './lane-counts.ts'
import { type Resident, ResidentIndex } from './resident-index.ts'
import { defaultMaxTuples, tooManyTuples } from './resident-limit.ts'
import type { LaneCount, Lease, MaybePromise, StorePage, Taken, TupleStore } from './tuple-store.ts'

export interface MemoryStoreOptions {
  /** Written before anything is answered; left out, tuples live as long as the process. */
  readonly journal?: TupleJournal | undefined
  /** Milliseconds; for leases. */
  readonly now?: () => number
  readonly maxTuples?: number | undefined
}

/** Tuples of one process. With a journal they outlive it. */
export class MemoryStore implements TupleStore {
  readonly name = 'memory'
  readonly shared = false
  readonly lasting: boolean
  readonly #journal: TupleJournal | null
  readonly #now: () => number
  #maxTuples: number
  readonly #byId = new Map<string, Resident>()
  readonly #index = new ResidentIndex()
  readonly #counts = new LaneCounts()
  readonly #leased = new Set<Resident>()
  readonly #holderPrefix = randomUUID()
  #holders = 0
  #positions = 0

  constructor({ journal, now = () => performance.now(), maxTuples = defaultMaxTuples }: MemoryStoreOptions = {}) {
    this.#maxTuples = maxTuples
    this.#journal = journal ?? null
    this.lasting = this.#journal !== null
    this.#now = now
  }

  /** Begins with these, oldest first, without writing them down again. */
  restore(tuples: readonly Tuple[]): void {
    for (const tuple of tuples) if (!this.#byId.has(tuple.id)) this.#add(tuple)
  }

  put(tuple: Tuple): MaybePromise<boolean> {
    if (this.#byId.has(tuple.id)) return false
    if (this.#byId.size >= this.#maxTuples) throw tooManyTuples(this.#maxTuples)
    const resident = this.#add(tuple)
    if (this.#journal === null) return true
    return this.#journal.append('out', tuple).then(
      () => true,
      (error: unknown) => {
        this.#forget(resident)
        throw error
      },
    )
  }

  take(matcher: Matcher, leaseMs: number | null): MaybePromise<Taken | null> {
    const resident = this.#find(matcher)
    if (resident === null) return null
    this.#index.remove(resident)
    resident.deliveries += 1
    const { tuple, deliveries } = resident
    if (leaseMs !== null) {
      const holder = `${this.#holderPrefix}-${++this.#holders}`
      resident.lease = { holder, until: this.#now() + leaseMs }
      this.#leased.add(resident)
      this.#counts.change(tuple, -1, 1)
      return { tuple, lease: { id: tuple.id, holder }, deliveries }
    }
    this.#byId.delete(tuple.id)
    this.#counts.change(tuple, -1, 0)
    const taken = { tuple, lease: null, deliveries }
    return this.#journal === null ? taken : this.#journalIn(resident, taken)
  }

  read(matcher: Matcher): Tuple | null {
    return this.#find(matcher)?.tuple ?? null
  }

  acknowledge(lease: Lease): MaybePromise<boolean> {
    const resident = this.#held(lease)
    if (resident === null) return false
    this.#removeHeld(resident)
    return this.#journal === null ? true : this.#journalIn(resident, true)
  }

  replace(lease: Lease, tuple: Tuple): MaybePromise<boolean> {
    const before = this.#held(lease)
    if (before === null) return false
    this.#removeHeld(before)
    const after = this.#byId.has(tuple.id) ? null : this.#add(tuple)
    if (this.#journal === null) return true
    if (after === null) return this.#journalIn(before, true)
    return this.#journal.append('out', tuple, before.tuple).then(
      () => true,
      (error: unknown) => {
        this.#forget(after)
        if (!before.refused) this.#restore(before)
        throw error
      },
    )
  }

  renew(lease: Lease, leaseMs: number): boolean {
    const resident = this.#held(lease)
    if (resident === null) return false
    resident.lease = { holder: lease.holder, until: this.#now() + leaseMs }
    return true
  }

  giveBack(lease: Lease, unused = false): boolean {
    const resident = this.#held(lease)
    if (resident === null) return false
    if (unused) resident.deliveries -= 1
    this.#release(resident)
    return true
  }

  expire(): number {
    const now = this.#now()
    const over = [...this.#leased].filter((resident) => resident.lease !== null && resident.lease.until <= now)
    for (const resident of over) this.#release(resident)
    return over.length
  }

  async discard(lane: string, keep: number): Promise<number> {
    const matcher = compileMatcher({ lane })
    const size = this.#index.listFor(matcher)?.size ?? 0
    let count = 0
    for (; count < size - keep && (await this.take(matcher, null)) !== null; count += 1);
    return count
  }

  list(matcher: Matcher, offset: number, limit: number): StorePage {
    const leased = [...this.#leased].filter(({ tuple }) => matches(matcher, tuple))
    const residents = [...leased, ...this.#free(matcher)].sort((a, b) => a.position - b.position)
    return {
      tuples: residents
        .slice(offset, offset + limit)
        .map(({ tuple, lease, deliveries }) => ({ tuple, leased: lease !== null, deliveries })),
      matched: residents.length,
    }
  }

  lanes(): LaneCount[] {
    return this.#counts.all()
  }

  limitTo(maxTuples: number): void {
    this.#maxTuples = maxTuples
  }

  onArrival(): () => void {
    return () => undefined
  }

  async close(): Promise<void> {
    await this.#journal?.close()
  }

  #add(tuple: Tuple): Resident {
    const position = this.#positions++
    const resident: Resident = { tuple, position, places: [], deliveries: 0, lease: null, refused: false }
    this.#byId.set(tuple.id, resident)
    this.#index.add(resident)
    this.#counts.change(tuple, 1, 0)
    return resident
  }

  #find(matcher: Matcher): Resident | null {
    if (matcher.id === null) return this.#index.find(matcher)
    const resident = this.#byId.get(matcher.id)
    if (resident === undefined || resident.lease !== null) return null
    return matches(matcher, resident.tuple) ? resident : null
  }

  #free(matcher: Matcher): Resident[] {
    const found: Resident[] = []
    for (let place = this.#index.listFor(matcher)?.first ?? null; place !== null; place = place.next) {
      if (matches(matcher, place.item.tuple)) found.push(place.item)
    }
    return found
  }

  #held({ id, holder }: Lease): Resident | null {
    const resident = this.#byId.get(id)
    return resident?.lease?.holder === holder && resident.lease.until > this.#now() ? resident : null
  }

  #release(resident: Resident): void {
    this.#leased.delete(resident)
    resident.lease = null
    this.#index.add(resident)
    this.#counts.change(resident.tuple, 1, -1)
  }

  #removeHeld(resident: Resident): void {
    this.#leased.delete(resident)
    resident.lease = null
    this.#byId.delete(resident.tuple.id)
    this.#counts.change(resident.tuple, 0, -1)
  }

  #forget(resident: Resident): void {
    resident.refused = true
    if (this.#byId.get(resident.tuple.id) !== resident) return
    this.#byId.delete(resident.tuple.id)
    const wasLeased = this.#leased.delete(resident)
    if (wasLeased) resident.lease = null
    else this.#index.remove(resident)
    this.#counts.change(resident.tuple, wasLeased ? 0 : -1, wasLeased ? -1 : 0)
  }

  /** What was taken is gone only once that is written; if it cannot be, the tuple is back. */
  #journalIn<T>(resident: Resident, answer: T): Promise<T> {
    if (this.#journal === null) return Promise.resolve(answer)
    return this.#journal.append('in', resident.tuple).then(
      () => answer,
      (error: unknown) => {
        if (!resident.refused) this.#restore(resident)
        throw error
      },
    )
  }

  #restore(resident: Resident): void {
    this.#byId.set(resident.tuple.id, resident)
    this.#index.add(resident)
    this.#counts.change(resident.tuple, 1, 0)
  }
}
