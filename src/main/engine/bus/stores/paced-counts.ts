import type { LaneCount } from './tuple-store.ts'

/** So few tuples are counted whenever somebody asks. */
const few = 20_000
/** More of them for at most a twentieth of the time. */
const pace = 20

/** Counts that people look at again and again, kept for a while where counting takes long. */
export class PacedCounts {
  #counts: readonly LaneCount[] = []
  #until = Number.NEGATIVE_INFINITY

  /** Null: it is time to count again. */
  kept(): readonly LaneCount[] | null {
    return performance.now() < this.#until ? this.#counts : null
  }

  /** Keeps what was counted since `from`, milliseconds of `performance.now()`. */
  keep<Counts extends readonly LaneCount[]>(counts: Counts, from: number): Counts {
    const now = performance.now()
    const total = counts.reduce((sum, { waiting, leased }) => sum + waiting + leased, 0)
    this.#counts = counts
    this.#until = total > few ? now + (now - from) * pace : Number.NEGATIVE_INFINITY
    return counts
  }
}
