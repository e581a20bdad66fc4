import type { Lease } from './stores/tuple-store.ts'

/** How long a store that was away is left alone, milliseconds. */
const againMs = 250

/** Wakes its owner when the time of a lease is over, and again until it has succeeded. */
export class LeaseClock implements Disposable {
  readonly #over: () => Promise<void>
  /** Until when, by holder; milliseconds of performance.now(). */
  readonly #until = new Map<string, number>()
  #timer: NodeJS.Timeout | null = null
  #due = Number.POSITIVE_INFINITY
  /** A lease is over, and its owner could not see to it yet. */
  #owing = false

  constructor(over: () => Promise<void>) {
    this.#over = over
  }

  set({ holder }: Lease, leaseMs: number): void {
    const until = performance.now() + leaseMs
    this.#until.set(holder, until)
    if (until < this.#due) this.#plan(until)
  }

  clear({ holder }: Lease): void {
    this.#until.delete(holder)
    if (this.#until.size > 0 || this.#owing) return
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#due = Number.POSITIVE_INFINITY
  }

  [Symbol.dispose](): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#until.clear()
  }

  #plan(due: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#due = due
    // The store's clock may be a little behind this one.
    this.#timer = setTimeout(() => this.#look(), Math.max(0, due - performance.now()) + 2)
    this.#timer.unref()
  }

  #look(): void {
    this.#timer = null
    this.#due = Number.POSITIVE_INFINITY
    const now = performance.now()
    let next = Number.POSITIVE_INFINITY
    for (const [holder, until] of this.#until) {
      if (until <= now) this.#until.delete(holder)
      else next = Math.min(next, until)
    }
    if (next < Number.POSITIVE_INFINITY) this.#plan(next)
    this.#owing = false
    this.#over().catch(() => {
      this.#owing = true
      const again = performance.now() + againMs
      if (again < this.#due) this.#plan(again)
    })
  }
}
