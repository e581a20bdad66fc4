import { describe, expect, it } from 'vitest'
import { FailurePatterns } from './failure-patterns.ts'
import { healthOf, Reputation } from './reputation.ts'

describe('health', () => {
  it.each([
    [4, 4, 'unknown'],
    [5, 5, 'excellent'],
    [95, 100, 'excellent'],
    [94, 100, 'healthy'],
    [80, 100, 'healthy'],
    [79, 100, 'at_risk'],
    [50, 100, 'at_risk'],
    [49, 100, 'problematic'],
    [0, 5, 'problematic'],
  ] as const)('of %d completed of %d is %s', (completed, attempts, health) => {
    expect(healthOf(completed, attempts)).toBe(health)
  })

  it('is computed again with every record', () => {
    const reputation = new Reputation()
    const seen = Array.from({ length: 12 }, (_, run) => {
      reputation.record(run < 6 ? null : 'error', 1000, run)
      return reputation.health
    })
    expect(seen[3]).toBe('unknown')
    expect(seen[5]).toBe('excellent')
    expect(seen[6]).toBe('healthy')
    expect(seen[11]).toBe('at_risk')
  })
})

describe('a recommendation names what is wrong', () => {
  it.each([
    ['timeout', 'timeout or make it faster'],
    ['error', 'read its error'],
    ['quick', 'check its arguments'],
  ] as const)('for %s', (failure, advice) => {
    const reputation = new Reputation()
    for (let run = 0; run < 10; run++) reputation.record(failure, 1000, run)
    expect(reputation.recommendation()).toContain(advice)
    expect(reputation).toMatchObject({ attempts: 10, failed: 10, health: 'problematic' })
  })
})

describe('failure patterns', () => {
  it('are one when only numbers and quoted text differ', () => {
    const patterns = new FailurePatterns()
    patterns.record({ kind: 'operation-failed', message: 'row 1 of "a" is bad' }, 1, 10)
    patterns.record({ kind: 'operation-failed', message: 'row 27 of "b" is bad' }, 2, 20)
    patterns.record({ kind: 'timeout', message: 'row 27 of "b" is bad' }, 3, 30)
    expect(patterns.list()).toMatchObject([
      { count: 2, message: 'row 27 of "b" is bad', firstAt: 10, lastAt: 20, lastToken: 2 },
      { count: 1, kind: 'timeout' },
    ])
  })

  it('are bounded, and those seen last stay', () => {
    const patterns = new FailurePatterns()
    for (let letter = 0; letter < 50; letter++) {
      patterns.record({ kind: 'operation-failed', message: `x${'y'.repeat(letter)}` }, letter, letter)
    }
    expect(patterns.list()).toHaveLength(20)
    expect(patterns.list()[0]?.lastToken).toBe(49)
  })
})
