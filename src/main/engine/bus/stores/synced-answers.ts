import type { SqliteOutcome } from './sqlite-messages.ts'

export interface SyncedAnswersParts {
  /** Has everything that was committed by now written to the disk; calls back from a later turn. */
  readonly sync: (done: (error: Error | null) => void) => void
  readonly answer: (outcomes: readonly SqliteOutcome[]) => void
  /** The disk is free again; called before what waits is synced. */
  readonly synced: () => void
  /** A sync has failed: what is on the disk is not known any more. */
  readonly failed: (error: Error) => void
}

/**
 * Holds answers back until what they tell is on the disk. One sync serves all that was committed by the time it begins, and the
 * next transactions run meanwhile; answers keep their order.
 */
export class SyncedAnswers {
  readonly #parts: SyncedAnswersParts
  #waiting: (readonly SqliteOutcome[])[] = []
  #syncing = false
  #idle: (() => void) | null = null

  constructor(parts: SyncedAnswersParts) {
    this.#parts = parts
  }

  get syncing(): boolean {
    return this.#syncing
  }

  /** `wrote` false: nothing of it has to be synced, but it may tell what the transactions before it wrote. */
  add(outcomes: readonly SqliteOutcome[], wrote: boolean): void {
    if (!wrote && !this.#syncing) return this.#parts.answer(outcomes)
    this.#waiting.push(outcomes)
    if (!this.#syncing) this.#sync()
  }

  /** Calls `listener` once everything is answered. */
  whenIdle(listener: () => void): void {
    if (this.#syncing) this.#idle = listener
    else listener()
  }

  #sync(): void {
    const covered = this.#waiting
    this.#waiting = []
    this.#syncing = true
    this.#parts.sync((error) => {
      if (error !== null) return this.#parts.failed(error)
      for (const outcomes of covered) this.#parts.answer(outcomes)
      this.#parts.synced()
      if (this.#waiting.length > 0) return this.#sync()
      this.#syncing = false
      this.#idle?.()
    })
  }
}
