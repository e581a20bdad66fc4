import { createMachineSampler } from '../../src/main/engine/cpu/index.ts'

/** How much of the machine others use while this process measures. A figure taken beside other work says less. */
export class OtherLoad {
  readonly #from = performance.now()
  readonly #own = process.cpuUsage()
  readonly #busy = machineBusy()

  /** Cores that other processes, and other guests of the same host, used on average since this was made. */
  coresUsed(): number {
    const elapsed = (performance.now() - this.#from) * 1000
    const own = process.cpuUsage(this.#own)
    const busy = machineBusy() - this.#busy
    return Math.max(0, (busy - own.user - own.system) / elapsed)
  }
}

/** Microseconds, over all CPUs. */
function machineBusy(): number {
  using sampler = createMachineSampler()
  return sampler.sample().reduce((sum, { busy }) => sum + busy, 0)
}
