import { randomUUID } from 'node:crypto'
import type { LentTuple } from '../engine/bus/lent-tuple.ts'
import type { Caller } from './host-api.ts'

/** Tuples that callers hold for a time, by the name they were given for it. What a caller holds goes back when its connection ends. */
export class HeldTuples {
  readonly #held = new Map<string, { readonly lent: LentTuple; readonly takeBack: () => void }>()

  keep(lent: LentTuple, caller: Pick<Caller, 'onClose'>): string {
    const lease = randomUUID()
    const takeBack = caller.onClose(() => {
      this.#held.delete(lease)
      // What the store cannot be told now comes back by itself when the lease is over.
      lent.giveBack().catch(() => undefined)
    })
    this.#held.set(lease, { lent, takeBack })
    return lease
  }

  find(lease: string): LentTuple | undefined {
    return this.#held.get(lease)?.lent
  }

  /** False: nobody holds it, or its time was over. */
  async end(lease: string, end: (lent: LentTuple) => Promise<boolean>): Promise<boolean> {
    const entry = this.#held.get(lease)
    if (entry === undefined) return false
    const done = await end(entry.lent)
    this.#held.delete(lease)
    entry.takeBack()
    return done
  }
}
