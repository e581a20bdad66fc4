import type { Tuple } from '../../../../shared/model/bus.ts'
import type { LaneCount } from './tuple-store.ts'

interface Count {
  waiting: number
  leased: number
}

/** How many tuples wait and how many are lent in each lane, kept as they come and go. */
export class LaneCounts {
  readonly #counts = new Map<string | null, Count>()

  /** Adds to what waits and what is lent in the lane of a tuple; a lane of which nothing is left is forgotten. */
  change({ lane }: Tuple, waiting: number, leased: number): void {
    const name = typeof lane === 'string' ? lane : null
    const count = this.#counts.get(name)
    if (count === undefined) {
      this.#counts.set(name, { waiting, leased })
      return
    }
    count.waiting += waiting
    count.leased += leased
    if (count.waiting === 0 && count.leased === 0) this.#counts.delete(name)
  }

  /** By size, largest first. */
  all(): LaneCount[] {
    const lanes = [...this.#counts].map(([lane, count]) => ({ lane, ...count }))
    return lanes.sort((a, b) => b.waiting + b.leased - a.waiting - a.leased)
  }
}
