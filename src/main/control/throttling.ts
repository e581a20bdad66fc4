import type { QuotaScope } from '../engine/throttle/throttle-options.ts'
import { WorkerNiceness } from '../engine/throttle/worker-niceness.ts'
import type { WorkerQuota } from '../engine/throttle/worker-quota.ts'

export interface ThrottlingParts {
  readonly options: () => { readonly cpuQuotaPct: number; readonly cpuQuotaScope: QuotaScope }
  readonly onChange: (listener: () => void) => void
  readonly threads: () => readonly { readonly threadId: number }[]
  readonly workerQuota: WorkerQuota
  /** What a person should know. */
  readonly notice: (text: string) => void
}

/** The share of the CPUs that lanes may claim, percent: where all workers keep the quota, lanes need not keep it once more. */
export function laneQuotaPct({ cpuQuotaPct, cpuQuotaScope }: ReturnType<ThrottlingParts['options']>): number {
  return cpuQuotaScope === 'lanes' ? cpuQuotaPct : 100
}

/** Applies the CPU quota to the workers: their priority, and, where the options say so, the share of the time that they work. */
export class Throttling implements Disposable {
  readonly #workerQuota: WorkerQuota
  readonly #niceness: WorkerNiceness
  #closed = false

  constructor({ options, onChange, threads, workerQuota, notice }: ThrottlingParts) {
    this.#workerQuota = workerQuota
    this.#niceness = new WorkerNiceness({ threads, quotaPct: () => options().cpuQuotaPct, notice })
    const apply = () => {
      const { cpuQuotaPct, cpuQuotaScope } = options()
      workerQuota.set(cpuQuotaScope === 'workers' ? cpuQuotaPct : 100)
      this.look()
    }
    onChange(apply)
    apply()
  }

  /** To be called now and then: threads come and go. */
  look(): void {
    if (!this.#closed) this.#niceness.look()
  }

  /** Everything is as it was before, so that what still runs ends soon. */
  [Symbol.dispose](): void {
    this.#closed = true
    this.#workerQuota.set(100)
    this.#niceness[Symbol.dispose]()
  }
}
