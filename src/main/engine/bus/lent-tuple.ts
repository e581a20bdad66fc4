import type { Tuple, TupleInput } from '../../../shared/model/bus.ts'

/** A tuple that was taken for a time. Unless it is acknowledged or renewed by then, it goes back to its old place. */
export interface LentTuple {
  readonly tuple: Tuple
  /** How often it was taken, this time included. */
  readonly deliveries: number
  /** It is dealt with and gone. False when the time was over before. */
  acknowledge(): Promise<boolean>
  /**
   * It is gone and another, which `by` puts, is there, in one step: a crash leaves one of the two. False when the time was over
   * before; then nothing is put. Throws as `out` does, but for want of room.
   */
  replace(input: TupleInput, by?: string): Promise<boolean>
  /** Lends it for `leaseMs` milliseconds from now. False when the time was over before. */
  renew(leaseMs: number): Promise<boolean>
  /** It is back in its old place. `unused`: this time does not count as a delivery. False when the time was over before. */
  giveBack(unused?: boolean): Promise<boolean>
}
