import type { Tuple } from '../../../../shared/model/bus.ts'
import type { Matcher } from '../matcher.ts'

/** Stores that answer at once do so without a promise: it would cost more than the work. */
export type MaybePromise<T> = T | Promise<T>

/** What was lent, to whom. Only its holder can acknowledge, renew or give back. */
export interface Lease {
  readonly id: string
  /** Never used twice. */
  readonly holder: string
}

export interface Taken {
  readonly tuple: Tuple
  /** Null: taken for good. */
  readonly lease: Lease | null
  /** How often the tuple was taken, this time included. */
  readonly deliveries: number
}

export interface LaneCount {
  /** Null: tuples without a lane. */
  readonly lane: string | null
  /** Tuples that can be taken. */
  readonly waiting: number
  readonly leased: number
}

export interface StoredTuple {
  readonly tuple: Tuple
  readonly leased: boolean
  readonly deliveries: number
}

export interface StorePage {
  /** Oldest first. */
  readonly tuples: readonly StoredTuple[]
  /** How many there are in all. */
  readonly matched: number
}

/**
 * Where tuples are kept. Calls take effect in the order in which they are made; each is atomic, also against other processes
 * where the store can be shared. Whatever was promised has been kept: a store that writes to disk answers after it has.
 */
export interface TupleStore {
  readonly name: 'memory' | 'sqlite' | 'redis'
  /** True when other processes may put and take too. */
  readonly shared: boolean
  /** True when its tuples outlive this process. */
  readonly lasting: boolean
  /** False when a tuple with this id is there already; that one is left as it is. Fails as `overloaded` while the store is full. */
  put(tuple: Tuple): MaybePromise<boolean>
  /** Takes the oldest tuple that matches, for good or for `leaseMs` milliseconds. Null: there is none. */
  take(matcher: Matcher, leaseMs: number | null): MaybePromise<Taken | null>
  read(matcher: Matcher): MaybePromise<Tuple | null>
  /** Removes what was lent. False when it is not lent to this holder any more. */
  acknowledge(lease: Lease): MaybePromise<boolean>
  /**
   * Removes what was lent and puts another tuple, in one step: a crash leaves either the one or the other. The other is put as by
   * `put`, but needs no room. False when it is not lent to this holder any more; then nothing is put.
   */
  replace(lease: Lease, tuple: Tuple): MaybePromise<boolean>
  /** Lends it for `leaseMs` milliseconds from now. */
  renew(lease: Lease, leaseMs: number): MaybePromise<boolean>
  /** The tuple is back in its old place; with `unused` as if it had not been lent, so that its deliveries are one fewer. */
  giveBack(lease: Lease, unused?: boolean): MaybePromise<boolean>
  /** Gives back every tuple whose time is over, whoever took it. Returns their number. */
  expire(): MaybePromise<number>
  /** Removes the tuples of a lane that can be taken, oldest first, but for the newest `keep`. Returns their number. */
  discard(lane: string, keep: number): MaybePromise<number>
  list(matcher: Matcher, offset: number, limit: number): MaybePromise<StorePage>
  /** By size, largest first. */
  lanes(): MaybePromise<readonly LaneCount[]>
  /** How many tuples it may hold from now on; what is there stays. */
  limitTo(maxTuples: number): void
  /** Tells that tuples may have come other than by this object's `put`. Returns the function that ends it. */
  onArrival(listener: () => void): () => void
  close(): MaybePromise<void>
}
