import type { Quantiles, StateCounts } from '../../src/shared/contract/common.ts'
import type { ErrorData } from '../../src/shared/errors.ts'
import { type TokenState, tokenStates } from '../../src/shared/model/token.ts'
import type { CatalogueEntry } from './operation-catalogue.ts'

const samplesKept = 512

/** The newest samples of a duration, for quantiles. Microseconds. */
export class Samples {
  readonly #values: number[] = []
  #next = 0

  add(value: number): void {
    this.#values[this.#next] = value
    this.#next = (this.#next + 1) % samplesKept
  }

  quantiles(): Quantiles {
    const sorted = this.#values.toSorted((a, b) => a - b)
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99), samples: sorted.length }
  }
}

export function zeroCounts(): StateCounts {
  return Object.fromEntries(tokenStates.map((state) => [state, 0])) as StateCounts
}

/** One invented operation and what is counted of it. */
export class MadeUpOperation {
  readonly entry: CatalogueEntry
  readonly index: number
  readonly counts = zeroCounts()
  readonly runs = new Samples()
  readonly waits = new Samples()
  paused = false
  lastError: ErrorData | null = null

  constructor(entry: CatalogueEntry, index: number) {
    this.entry = entry
    this.index = index
  }

  count(state: TokenState, change: 1 | -1): void {
    this.counts[state] += change
  }
}
