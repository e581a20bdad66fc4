/**
 * The share of the time, in percent, that each worker thread may work: a word that all of them see, so that a change holds at once.
 * 100: there is no quota.
 */
export class WorkerQuota {
  readonly shared = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)
  readonly #word = new Int32Array(this.shared)

  constructor() {
    this.#word[0] = 100
  }

  set(quotaPct: number): void {
    if (Atomics.exchange(this.#word, 0, quotaPct) !== quotaPct) Atomics.notify(this.#word, 0)
  }
}
