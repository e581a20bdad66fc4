import { availableParallelism } from 'node:os'
import type { Tuple } from '../../../../shared/model/bus.ts'
import { DutyCycle } from '../../throttle/duty-cycle.ts'

/** The share of the CPUs that the lanes of a host may claim together, and each of them of those that it can use. */
export class LaneThrottle {
  readonly #quotaPct: () => number
  readonly #cpus: number
  readonly #all = new DutyCycle()

  /** `quotaPct` 1 to 100; 100: there is no quota. */
  constructor(quotaPct: () => number = () => 100, cpus = availableParallelism()) {
    this.#quotaPct = quotaPct
    this.#cpus = cpus
  }

  /** For one lane. */
  lane(): LaneShare {
    return new LaneShare(this.#quotaPct, this.#cpus, this.#all)
  }
}

/** One lane's part of it. */
export class LaneShare {
  readonly #quotaPct: () => number
  readonly #cpus: number
  readonly #all: DutyCycle
  readonly #own = new DutyCycle()
  #quotaSeen: number

  constructor(quotaPct: () => number, cpus: number, all: DutyCycle) {
    this.#quotaPct = quotaPct
    this.#cpus = cpus
    this.#all = all
    this.#quotaSeen = quotaPct()
  }

  /** A token of the lane, which has up to `atOnce` of them, has just ended after running for `ranMs`. */
  ran(tuples: readonly Tuple[], ranMs: number, atOnce: number): void {
    const quotaPct = this.#quotaPct()
    const own = Math.min(quotaPct, ...tuples.map(quotaOf))
    const startedAt = performance.now() - ranMs
    if (own < 100) this.#own.charge(startedAt, ranMs, own, Math.min(this.#cpus, atOnce))
    if (quotaPct < 100) this.#all.charge(startedAt, ranMs, quotaPct, this.#cpus)
  }

  /** How long the lane is to begin nothing, milliseconds. */
  restMs(): number {
    const quotaPct = this.#quotaPct()
    if (quotaPct !== this.#quotaSeen) {
      // What was owed under another quota is forgiven.
      this.#quotaSeen = quotaPct
      this.#own.forgive()
      this.#all.forgive()
    }
    const now = performance.now()
    return Math.max(this.#own.restMs(now), this.#all.restMs(now))
  }
}

/** What a tuple says of itself, as the original's envelope does; it can lower the quota, never raise it. */
function quotaOf({ agent_terms: terms }: Tuple): number {
  if (typeof terms !== 'object' || terms === null || !('cpu_quota_pct' in terms)) return 100
  const quota = terms.cpu_quota_pct
  return typeof quota === 'number' && quota < 100 ? Math.max(1, quota) : 100
}
