export interface BackoffSettings {
  readonly baseMs: number
  readonly maxMs: number
  /** 0 to 1, uniform. */
  readonly random?: () => number
}

/**
 * How long to wait before attempt `attempt` + 1, counted from 0: base doubled each time, up to the maximum, times 0.75 to 1.25 so that
 * those who failed together do not come back together; never more than the maximum.
 */
export function backoffMs(attempt: number, { baseMs, maxMs, random = Math.random }: BackoffSettings): number {
  const plain = Math.min(maxMs, baseMs * 2 ** Math.min(attempt, 50))
  return Math.min(maxMs, plain * (0.75 + 0.5 * random()))
}
