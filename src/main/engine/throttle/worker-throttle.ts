import { DutyCycle } from './duty-cycle.ts'

/** Whether its thread is to end is looked for this often while a worker rests, milliseconds. */
const lookEveryMs = 50

/** A worker thread's side of the quota: between two tokens it rests for what it worked. */
export class WorkerThrottle {
  readonly #word: Int32Array
  readonly #duty = new DutyCycle()

  /** `shared`: see worker-quota.ts; undefined where there is none. */
  constructor(shared: SharedArrayBuffer = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) {
    this.#word = new Int32Array(shared)
  }

  /** Whether there is a quota now. */
  get on(): boolean {
    const quotaPct = this.#word[0] ?? 0
    return quotaPct > 0 && quotaPct < 100
  }

  /** Rests for work that began at `startedAt`, milliseconds of `performance.now()`, and is over now; no longer once `ends` says so. */
  async rest(startedAt: number, ends: () => boolean): Promise<void> {
    const quotaPct = Atomics.load(this.#word, 0)
    this.#duty.charge(startedAt, performance.now() - startedAt, quotaPct)
    for (;;) {
      const restMs = this.#duty.restMs(performance.now())
      if (restMs === 0 || ends()) return
      const waiting = Atomics.waitAsync(this.#word, 0, quotaPct, Math.min(restMs, lookEveryMs))
      if (waiting.async ? (await waiting.value) !== 'timed-out' : waiting.value !== 'timed-out') {
        // Another quota now: what was owed under the old one is forgiven.
        this.#duty.forgive()
        return
      }
    }
  }
}
