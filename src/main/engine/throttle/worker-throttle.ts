import { paidAt, restUntil } from './duty-cycle.ts'
import { type SharedQuota, sharedQuota } from './worker-quota.ts'

/** Whether its thread is to end is looked for this often while a worker rests, milliseconds. */
const lookEveryMs = 50

/** Where a piece of work began: on the monotonic clock that all threads share, and in CPU time of this thread; milliseconds. */
export interface WorkBegan {
  readonly at: number
  readonly cpu: number
}

/**
 * A worker thread's side of the quota: between two tokens it rests for what the workers of its core have worked. Only the CPU time
 * counts: a thread that waits, or that others keep from its CPU, claims nothing.
 */
export class WorkerThrottle {
  readonly #quota: SharedQuota
  readonly #core: number

  /** `shared`: that of a WorkerQuota; left out: there is none. */
  constructor(shared: SharedArrayBuffer | undefined, core: number) {
    this.#quota = sharedQuota(shared)
    this.#core = core
  }

  /** To be called before a piece of work. Null while there is no quota. */
  begin(): WorkBegan | null {
    return (this.#quota.word[0] ?? 100) < 100 ? { at: nowMs(), cpu: cpuMs() } : null
  }

  /** Rests for work that is over now; no longer once `ends` says so. */
  async rest(began: WorkBegan, ends: () => boolean): Promise<void> {
    const { word } = this.#quota
    const quotaPct = Atomics.load(word, 0)
    this.#charge(began.at, cpuMs() - began.cpu, quotaPct)
    for (;;) {
      const restMs = restUntil(this.#paidAt(), nowMs())
      if (restMs === 0 || ends()) return
      const waiting = Atomics.waitAsync(word, 0, quotaPct, Math.min(restMs, lookEveryMs))
      if ((waiting.async ? await waiting.value : waiting.value) === 'timed-out') continue
      // Another quota now: what was owed under the old one is forgiven.
      Atomics.store(this.#quota.paidAt, this.#core, 0n)
      return
    }
  }

  #paidAt(): number {
    return Number(Atomics.load(this.#quota.paidAt, this.#core)) / 1000
  }

  /** Several threads of one core may be at it. */
  #charge(startedAt: number, workedMs: number, quotaPct: number): void {
    const { paidAt: cells } = this.#quota
    for (;;) {
      const before = Atomics.load(cells, this.#core)
      const after = BigInt(Math.round(paidAt(Number(before) / 1000, startedAt, workedMs, quotaPct) * 1000))
      if (Atomics.compareExchange(cells, this.#core, before, after) === before) return
    }
  }
}

function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
