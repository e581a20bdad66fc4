import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { validateOptions } from '../options.ts'
import { type FailedAttempt, retryDelay, retryPolicy, whyNoRetry } from './retry-policy.ts'

const options = validateOptions({})
const failed: FailedAttempt = {
  attempt: 1,
  ran: 5,
  error: { kind: 'operation-failed', message: 'busy' },
  transferred: false,
}
const retryable = { ...failed.error, retryable: true }
const policy = retryPolicy({}, options)

describe('an attempt is repeated', () => {
  it('when the operation is idempotent, or its error is retryable', () => {
    expect(whyNoRetry({ idempotent: true }, policy, failed)).toBeNull()
    expect(whyNoRetry({}, policy, { ...failed, error: retryable })).toBeNull()
  })

  it('after a lost thread only when the operation is idempotent', () => {
    const lost = { ...failed, error: { kind: 'worker-lost', message: 'gone' } } as const
    expect(whyNoRetry({ idempotent: true }, policy, lost)).toBeNull()
    expect(whyNoRetry({}, policy, lost)).toMatch(/not tagged idempotent/)
  })

  it('as often as the tag, else the option, allows', () => {
    const often = (attempt: number, times?: number) =>
      whyNoRetry({ idempotent: true }, retryPolicy({ times }, options), { ...failed, attempt })
    expect([often(1), often(2), often(3)]).toEqual([null, null, 'all 2 retries are used up'])
    expect([often(1, 1), often(2, 1)]).toEqual([null, 'all 1 retries are used up'])
    expect(often(1, 0)).toMatch(/used up/)
  })

  it('only within the window of run lengths, both ends reachable', () => {
    const within = retryPolicy({ shortestRun: 10, longestRun: 20 }, options)
    const verdict = (ran: number) => whyNoRetry({ idempotent: true }, within, { ...failed, ran })
    expect([verdict(9), verdict(10), verdict(20), verdict(21)]).toEqual([
      'it ran shorter than 10 ms',
      null,
      null,
      'it ran longer than 20 ms',
    ])
    expect(whyNoRetry({ idempotent: true }, policy, { ...failed, ran: 0 })).toBeNull()
    expect(whyNoRetry({ idempotent: true }, policy, { ...failed, ran: 60_001 })).toMatch(/longer/)
  })

  it('not when the next would fail the same way, or has no arguments left', () => {
    const refused = { kind: 'not-cloneable', message: 'a function' } as const
    expect(whyNoRetry({ idempotent: true }, policy, { ...failed, error: refused })).toMatch(
      /same way \(not-cloneable\)/,
    )
    expect(whyNoRetry({ idempotent: true }, policy, { ...failed, transferred: true })).toMatch(/moved/)
  })
})

describe('the wait before a retry', () => {
  it('grows by the factor up to the longest', () => {
    const steady = retryPolicy({ delay: 100, factor: 3, longestDelay: 500, jitter: 0 }, options)
    expect([1, 2, 3, 4].map((retry) => retryDelay(steady, retry, 0.5))).toEqual([100, 300, 500, 500])
  })

  it('is off by no more than the jitter', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (jitter, chance) => {
          const delay = retryDelay(retryPolicy({ delay: 1000, jitter }, options), 1, chance)
          expect(delay).toBeGreaterThanOrEqual(1000 * (1 - jitter) - 1e-6)
          expect(delay).toBeLessThanOrEqual(1000 * (1 + jitter) + 1e-6)
        },
      ),
    )
  })
})
