import { createHash, randomBytes } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import type { Clock, Entropy } from '../ports.ts'

/** The machine's clocks. */
export const systemClock: Clock = {
  wallMicroseconds: () => Math.floor((performance.timeOrigin + performance.now()) * 1000),
  traceNanoseconds: () => process.hrtime.bigint(),
  elapsedMilliseconds: () => performance.now(),
}

/** Parts of the machine's clocks held fast, so that a run repeats byte for byte. */
export interface FixedTimes {
  /** Stands still; left out, the wall clock is the machine's. */
  readonly wallMicroseconds?: number
  /** The first trace event's time, each further one 1000 ns later; left out, the clock is the machine's. */
  readonly traceStartNanoseconds?: bigint
}

export function fixedClock({ wallMicroseconds, traceStartNanoseconds }: FixedTimes): Clock {
  let next = traceStartNanoseconds ?? 0n
  const count = (): bigint => {
    const now = next
    next += 1000n
    return now
  }
  return {
    wallMicroseconds: wallMicroseconds === undefined ? systemClock.wallMicroseconds : () => wallMicroseconds,
    traceNanoseconds: traceStartNanoseconds === undefined ? systemClock.traceNanoseconds : count,
    elapsedMilliseconds: systemClock.elapsedMilliseconds,
  }
}

export const systemEntropy: Entropy = { bytes: (count) => randomBytes(count) }

/** The n-th request, counted from 0, gives the first bytes of SHA-256 of the label and n in decimal; at most 32. */
export function labelledEntropy(label: string): Entropy {
  let asked = 0
  return {
    bytes(count) {
      const digest = createHash('sha256').update(`${label}${asked}`).digest()
      asked += 1
      if (count > digest.length) throw new Error(`labelled entropy gives at most ${digest.length} bytes, not ${count}`)
      return digest.subarray(0, count)
    },
  }
}
