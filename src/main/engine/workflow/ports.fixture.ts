import { createHash } from 'node:crypto'
import type { Clock, Entropy } from './ports.ts'

/** A clock that stands still, except that every asking for a trace time adds 1000 ns. */
export function stillClock(wall = '2026-01-01T00:00:01.000Z', traceStart = 1_000_000_000n): Clock {
  let next = traceStart
  return {
    wallMicroseconds: () => Date.parse(wall) * 1000,
    traceNanoseconds() {
      const now = next
      next += 1000n
      return now
    },
    elapsedMilliseconds: () => 0,
  }
}

/** The n-th request gives the first bytes of a hash of n: never the same twice, always the same in the next test. */
export function countedEntropy(label = 'test:'): Entropy {
  let asked = 0
  return {
    bytes(count) {
      const bytes = createHash('sha256').update(`${label}${asked}`).digest().subarray(0, count)
      asked += 1
      return bytes
    },
  }
}
