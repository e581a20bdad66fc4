import { availableParallelism } from 'node:os'
import type { Tuple } from '../../../../shared/model/bus.ts'
import { DutyCycle } from '../../throttle/duty-cycle.ts'

export interface LaneThrottleParts {
  /** 1 to 100; 100: there is no quota. */
  readonly quotaPct: () => number
  readonly cpus: number
  /** CPU time of all workers so far, milliseconds, as it was looked at lately; null where nobody knows. */
  readonly workersCpuMs: () => number | null
}

/** Time of tokens after which it is looked anew how much of it was CPU time, milliseconds. */
const measuredMs = 20

/** The share of the CPUs that the lanes of a host may claim together, and each of them of those that it can use. */
export class LaneThrottle {
  readonly #parts: LaneThrottleParts
  readonly #all = new DutyCycle()
  #cpuSeen: number | null = null
  /** What tokens of lanes ran since then, milliseconds. */
  #ran = 0
  #onCpu = 1

  constructor(parts: Partial<LaneThrottleParts> = {}) {
    this.#parts = {
      ...{ quotaPct: () => 100, cpus: availableParallelism(), workersCpuMs: () => null },
      ...parts,
    }
  }

  /** For one lane. */
  lane(): LaneShare {
    return new LaneShare(this.#parts, this.#all, (ranMs) => this.#cpuOf(ranMs))
  }

  /**
   * CPU time of a token that ran so long, about: the part of the time that tokens of lanes had a CPU lately. Who waits, or is kept from
   * the CPU by others, claims nothing. Where other tokens run too, it is taken for more.
   */
  #cpuOf(ranMs: number): number {
    const cpu = this.#parts.workersCpuMs()
    this.#ran += ranMs
    if (cpu === null) return ranMs
    this.#cpuSeen ??= cpu
    if (cpu > this.#cpuSeen && this.#ran > measuredMs) {
      this.#onCpu = Math.min(1, (cpu - this.#cpuSeen) / this.#ran)
      this.#cpuSeen = cpu
      this.#ran = 0
    }
    return ranMs * this.#onCpu
  }
}

/** How a lane is held to a share of the CPU time. */
export interface LaneQuota {
  /** Percent: the host's, or a lower one that the tuples of its newest token asked for. */
  readonly quotaPct: number
  /** How much longer it begins nothing, milliseconds. */
  readonly restMs: number
}

/** One lane's part of it. */
export class LaneShare {
  readonly #parts: LaneThrottleParts
  readonly #all: DutyCycle
  readonly #own = new DutyCycle()
  readonly #cpuOf: (ranMs: number) => number
  #quotaSeen: number
  /** What the tuples of the newest token asked for, percent. */
  #asked = 100

  constructor(parts: LaneThrottleParts, all: DutyCycle, cpuOf: (ranMs: number) => number) {
    this.#parts = parts
    this.#all = all
    this.#cpuOf = cpuOf
    this.#quotaSeen = parts.quotaPct()
  }

  /** A token of the lane, which has up to `atOnce` of them, has just ended after running for `ranMs`. */
  ran(tuples: readonly Tuple[], ranMs: number, atOnce: number): void {
    const { cpus } = this.#parts
    const quotaPct = this.#parts.quotaPct()
    this.#asked = Math.min(100, ...tuples.map(quotaOf))
    const own = Math.min(quotaPct, this.#asked)
    if (own >= 100) return
    const startedAt = performance.now() - ranMs
    const worked = this.#cpuOf(ranMs)
    this.#own.charge(startedAt, worked, own, Math.min(cpus, atOnce))
    if (quotaPct < 100) this.#all.charge(startedAt, worked, quotaPct, cpus)
  }

  /** How long the lane is to begin nothing, milliseconds. */
  restMs(): number {
    const quotaPct = this.#parts.quotaPct()
    if (quotaPct !== this.#quotaSeen) {
      // What was owed under another quota is forgiven.
      this.#quotaSeen = quotaPct
      this.#own.forgive()
      this.#all.forgive()
    }
    const now = performance.now()
    return Math.max(this.#own.restMs(now), this.#all.restMs(now))
  }

  /** What is asked of the lane now; null: nothing. */
  quota(): LaneQuota | null {
    const quotaPct = Math.min(this.#parts.quotaPct(), this.#asked)
    return quotaPct < 100 ? { quotaPct, restMs: this.restMs() } : null
  }
}

/** What a tuple says of itself, as the original's envelope does; it can lower the quota, never raise it. */
function quotaOf({ agent_terms: terms }: Tuple): number {
  if (typeof terms !== 'object' || terms === null || !('cpu_quota_pct' in terms)) return 100
  const quota = terms.cpu_quota_pct
  return typeof quota === 'number' && quota < 100 ? Math.max(1, quota) : 100
}
