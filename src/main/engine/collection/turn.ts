import { setImmediate } from 'node:timers/promises'

/** How long a collection works before the thread does something else, milliseconds. */
const sliceMs = 10

/** Shares a thread: `pause` gives way when the slice is used up, and throws the signal's reason when it is aborted. */
export class Turn {
  readonly #signal: AbortSignal
  #until = performance.now() + sliceMs

  constructor(signal: AbortSignal) {
    this.#signal = signal
  }

  /** True when `pause` would give way. */
  get over(): boolean {
    return performance.now() >= this.#until
  }

  async pause(): Promise<void> {
    this.#signal.throwIfAborted()
    if (!this.over) return
    await setImmediate()
    this.#signal.throwIfAborted()
    this.#until = performance.now() + sliceMs
  }
}
