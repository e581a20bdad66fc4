import type { WaitOptions } from '../../../shared/model/bus.ts'
import type { TupleLimits } from './seal-tuple.ts'
import type { SpaceObserver } from './space-observers.ts'
import type { TupleStore } from './stores/tuple-store.ts'
import type { TupleClock } from './tuple-clock.ts'

/** How long a tuple is lent unless the taker says otherwise, milliseconds. */
export const defaultLeaseMs = 30_000

export interface TupleSpaceOptions {
  readonly store: TupleStore
  readonly clock?: TupleClock
  readonly limits?: TupleLimits
  /** Further ones are refused as overloaded. */
  readonly waitersMax?: number
  readonly observer?: SpaceObserver | undefined
  /** How long `out` waits for room in a full store unless it is told, milliseconds. */
  readonly patienceMs?: () => number
  /** Called before each `out`: throws what keeps it from being accepted. */
  readonly admit?: () => void
}

/** How long `out` may wait for room; without a timeout as long as the space says. */
export interface PutOptions extends WaitOptions {
  /** Who puts, for people. */
  readonly by?: string
}
export interface TakeOptions extends WaitOptions {
  readonly by?: string
}
export interface LendOptions extends TakeOptions {
  readonly leaseMs?: number
}
