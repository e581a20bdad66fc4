import type { LifeCycleProof } from '../dispatch/life-cycle-proof.ts'

/** How many worker threads every pool gets. */
export const workerCount = 2

/**
 * A pool of two workers that know one operation: to give back the number it is given. It is never closed: its process ends
 * instead, because not every pool's own end comes reliably after 10,000 tasks (poolifier's `destroy` may stay pending for ever).
 */
export interface Pool {
  run(value: number): PromiseLike<unknown>
  /** What the pool can tell afterwards of each task it ran; only Guardhouse can. */
  readonly prove?: (submitted: number) => Promise<LifeCycleProof>
}

/** One pool with one way to set it up. */
export interface Contender {
  /** Name of the library; the better of its settings is its figure. */
  readonly library: string
  readonly setting: string
  readonly open: () => Promise<Pool>
}
