import type { Clock, Entropy } from '../ports.ts'

/** What a run read of the clock and of the entropy since it was last asked. */
export interface Readings {
  /** Wall-clock readings in microseconds. */
  readonly clock: readonly number[]
  readonly entropy: readonly Uint8Array[]
}

const nothing: Readings = { clock: [], entropy: [] }

/** Hands out clock and entropy as they are, and remembers what was read. */
export class RecordedPorts {
  readonly clock: Clock
  readonly entropy: Entropy
  #clockReadings: number[] = []
  #entropyReadings: Uint8Array[] = []

  constructor({ clock, entropy }: { readonly clock: Clock; readonly entropy: Entropy }) {
    this.clock = {
      wallMicroseconds: () => {
        const now = clock.wallMicroseconds()
        this.#clockReadings.push(now)
        return now
      },
      traceNanoseconds: () => clock.traceNanoseconds(),
      elapsedMilliseconds: () => clock.elapsedMilliseconds(),
    }
    this.entropy = {
      bytes: (count) => {
        const bytes = entropy.bytes(count)
        this.#entropyReadings.push(Uint8Array.from(bytes))
        return bytes
      },
    }
  }

  /** Takes what was read since the last call. */
  take(): Readings {
    if (this.#clockReadings.length === 0 && this.#entropyReadings.length === 0) return nothing
    const taken = { clock: this.#clockReadings, entropy: this.#entropyReadings }
    this.#clockReadings = []
    this.#entropyReadings = []
    return taken
  }
}
