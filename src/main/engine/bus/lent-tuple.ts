import type { Tuple } from '../../../shared/model/bus.ts'

/** A tuple that was taken for a time. Unless it is acknowledged or renewed by then, it goes back to its old place. */
export interface LentTuple {
  readonly tuple: Tuple
  /** How often it was taken, this time included. */
  readonly deliveries: number
  /** It is dealt with and gone. False when the time was over before. */
  acknowledge(): Promise<boolean>
  /** Lends it for `leaseMs` milliseconds from now. False when the time was over before. */
  renew(leaseMs: number): Promise<boolean>
  /** It is back in its old place. False when the time was over before. */
  giveBack(): Promise<boolean>
}
