import { performance as threadPerformance } from 'node:perf_hooks'

/** CPU time of this thread so far, microseconds. */
export type ReadCpuTime = () => number

/** What the thread that reads it costs. */
export class OwnCost {
  readonly #readCpuTime: ReadCpuTime
  #at: number
  #cpuTime: number
  #share = 0

  constructor(readCpuTime: ReadCpuTime = ownCpuTime) {
    this.#readCpuTime = readCpuTime
    this.#at = performance.now()
    this.#cpuTime = readCpuTime()
  }

  /**
   * Share of one core, 0..1, since the reading before that was at least `intervalMs` ago. A reading that
   * comes sooner gets the share of the one before.
   */
  read(intervalMs = 0): number {
    const now = performance.now()
    if (now <= this.#at || now - this.#at < intervalMs) return this.#share
    const cpuTime = this.#readCpuTime()
    this.#share = Math.min(1, Math.max(0, (cpuTime - this.#cpuTime) / ((now - this.#at) * 1000)))
    this.#at = now
    this.#cpuTime = cpuTime
    return this.#share
  }
}

/** CPU time of this thread so far, microseconds: the kernel's figure; where it has none for a thread, the time in which the event loop was busy, which also counts waiting for a core. */
export function ownCpuTime(): number {
  try {
    const { user, system } = process.threadCpuUsage()
    return user + system
  } catch {
    return threadPerformance.eventLoopUtilization().active * 1000
  }
}
