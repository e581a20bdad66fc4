import type { Quantiles } from '../../../shared/contract/common.ts'

/** The newest samples of one measure, for quantiles. */
export class SampleWindow {
  readonly #samples: Float64Array
  #count = 0
  #next = 0
  /** Kept until the next sample: sorting is dear, and people look more often than they learn. */
  #quantiles: Quantiles | null = null

  constructor(size: number) {
    this.#samples = new Float64Array(size)
  }

  add(sample: number): void {
    this.#quantiles = null
    this.#samples[this.#next] = sample
    this.#next = this.#next + 1 === this.#samples.length ? 0 : this.#next + 1
    if (this.#count < this.#samples.length) this.#count += 1
  }

  /** Nearest-rank quantiles: the smallest sample with at least that share at or below it. */
  quantiles(): Quantiles {
    this.#quantiles ??= this.#compute()
    return this.#quantiles
  }

  #compute(): Quantiles {
    if (this.#count === 0) return { p50: null, p95: null, p99: null, samples: 0 }
    const sorted = this.#samples.slice(0, this.#count).sort()
    const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99), samples: this.#count }
  }
}
