import { restUntil } from './duty-cycle.ts'

/** Numbers of cores that there can be, from 1. */
const mostCores = 1024

/** What the threads of the workers share of a quota. */
export interface SharedQuota {
  /** The quota in percent; 100: there is none. */
  readonly word: Int32Array
  /** By core: when everything that its workers have worked is paid for, microseconds of the monotonic clock. */
  readonly paidAt: BigInt64Array
}

export function sharedQuota(shared: SharedArrayBuffer = allocate()): SharedQuota {
  return {
    word: new Int32Array(shared, 0, 1),
    paidAt: new BigInt64Array(shared, BigInt64Array.BYTES_PER_ELEMENT),
  }
}

function allocate(): SharedArrayBuffer {
  const shared = new SharedArrayBuffer((mostCores + 2) * BigInt64Array.BYTES_PER_ELEMENT)
  new Int32Array(shared, 0, 1)[0] = 100
  return shared
}

/** The share of the time, in percent, that the workers of each core may work: memory that all of them see, so that a change holds at once. */
export class WorkerQuota {
  readonly shared = allocate()
  readonly #quota = sharedQuota(this.shared)

  set(quotaPct: number): void {
    const { word } = this.#quota
    if (Atomics.exchange(word, 0, quotaPct) !== quotaPct) Atomics.notify(word, 0)
  }

  /** How much longer the workers of a core, from 1, begin nothing; milliseconds. */
  restMs(core: number): number {
    const paidAtMs = Number(Atomics.load(this.#quota.paidAt, core)) / 1000
    return restUntil(paidAtMs, Number(process.hrtime.bigint()) / 1e6)
  }
}
