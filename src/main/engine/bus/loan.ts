import { GuardhouseError } from '../../../shared/errors.ts'
import type { Tuple, TupleInput } from '../../../shared/model/bus.ts'
import type { LeaseClock } from './lease-clock.ts'
import type { LentTuple } from './lent-tuple.ts'
import type { SpaceObserver } from './space-observers.ts'
import type { Lease, Taken, TupleStore } from './stores/tuple-store.ts'

/** The space that lends, as its loans need it. */
export interface Lender {
  readonly store: TupleStore
  readonly leases: LeaseClock
  readonly observer: SpaceObserver | null
  /** Throws as `out` does. */
  seal(input: TupleInput): Tuple
  /** There is a tuple that somebody may wait for. */
  arrived(tuple: Tuple): void
  /** There is room for one more. */
  gone(): void
}

/** A tuple lent by a space. Until the store has agreed to its end the clock of leases knows it: then one that is over comes back. */
export class Loan implements LentTuple {
  readonly tuple: Tuple
  readonly deliveries: number
  readonly #lease: Lease
  readonly #lender: Lender

  constructor({ tuple, lease, deliveries }: Taken, leaseMs: number, lender: Lender) {
    if (lease === null) throw new GuardhouseError('internal', 'a store lent a tuple without a lease')
    this.tuple = tuple
    this.deliveries = deliveries
    this.#lease = lease
    this.#lender = lender
    lender.leases.set(lease, leaseMs)
  }

  async acknowledge(): Promise<boolean> {
    const { store, leases, observer, gone } = this.#lender
    if (!(await store.acknowledge(this.#lease))) return false
    leases.clear(this.#lease)
    observer?.acknowledged?.(this.tuple)
    gone()
    return true
  }

  async replace(input: TupleInput, by = ''): Promise<boolean> {
    const { store, leases, observer, seal, arrived } = this.#lender
    const tuple = seal(input)
    observer?.offered(tuple, by)
    if (!(await store.replace(this.#lease, tuple))) return false
    leases.clear(this.#lease)
    observer?.acknowledged?.(this.tuple)
    observer?.put(tuple, by)
    arrived(tuple)
    return true
  }

  async renew(leaseMs: number): Promise<boolean> {
    const renewed = await this.#lender.store.renew(this.#lease, leaseMs)
    if (renewed) this.#lender.leases.set(this.#lease, leaseMs)
    return renewed
  }

  async giveBack(unused = false): Promise<boolean> {
    const { store, leases, observer, arrived } = this.#lender
    if (!(await store.giveBack(this.#lease, unused))) return false
    leases.clear(this.#lease)
    observer?.returned(this.tuple)
    arrived(this.tuple)
    return true
  }
}
