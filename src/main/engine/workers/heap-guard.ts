import type { PinnedWorker } from './pinned-worker.ts'

// Often enough that a loop allocating two gigabytes a second is caught within the headroom; milliseconds.
const checkEvery = 50

/**
 * Ends a worker whose heap has grown beyond its limit. V8's own limit (`resourceLimits`) is the second line only: when a single
 * large array grows across it, V8 aborts the whole process instead of the worker (nodejs/node issue 47224), so it is set well
 * above ours.
 */
export class HeapGuard {
  readonly #workers: () => readonly PinnedWorker[]
  #timer: NodeJS.Timeout | null = null

  constructor(workers: () => readonly PinnedWorker[]) {
    this.#workers = workers
  }

  /** Watches as long as something runs; call it whenever something may have begun to. */
  watch(): void {
    if (this.#timer !== null) return
    this.#timer = setInterval(() => this.#check(), checkEvery)
  }

  dispose(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
  }

  #check(): void {
    let running = false
    for (const worker of this.#workers()) {
      if (worker.depth === 0) continue
      running = true
      // A thread that sleeps answers no question, and allocates nothing.
      if (worker.runningSlot() >= 0) void worker.checkHeap()
    }
    if (!running) this.dispose()
  }
}
