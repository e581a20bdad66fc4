import type { PinnedWorker } from './pinned-worker.ts'

// Often enough that a loop allocating two gigabytes a second is caught within the headroom; milliseconds.
const checkEvery = 50

export interface WatchedWorkers {
  readonly workers: readonly PinnedWorker[]
  /** What the token in that row of the table calls. */
  operationOf(slot: number): { readonly index: number }
}

export interface HeapListener {
  /** Bytes in use by a worker that ran the operation of this index when it was asked. */
  measured(operation: number, bytes: number): void
}

/**
 * Ends a worker whose heap has grown beyond its limit. V8's own limit (`resourceLimits`) is the second line only: when a single
 * large array grows across it, V8 aborts the whole process instead of the worker (nodejs/node issue 47224), so it is set well
 * above ours.
 */
export class HeapGuard {
  readonly #state: WatchedWorkers
  readonly #listener: HeapListener
  #timer: NodeJS.Timeout | null = null

  constructor(state: WatchedWorkers, listener: HeapListener) {
    this.#state = state
    this.#listener = listener
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
    for (const worker of this.#state.workers) {
      if (worker.depth === 0) continue
      running = true
      // A thread that sleeps answers no question, and allocates nothing.
      const slot = worker.runningSlot()
      if (slot >= 0) void this.#ask(worker, this.#state.operationOf(slot).index)
    }
    if (!running) this.dispose()
  }

  async #ask(worker: PinnedWorker, operation: number): Promise<void> {
    const used = await worker.checkHeap()
    if (used > 0) this.#listener.measured(operation, used)
  }
}
