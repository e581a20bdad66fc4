import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { weights } from '../../../shared/model/token.ts'
import { clampPattern, eligibleRange, initialCounter, staggeredPosition, workerAt } from './positions.ts'

/** Any machine, any core of it, any counter, and patterns also outside of what is allowed. */
const place = fc
  .record({
    cores: fc.integer({ min: 1, max: 64 }),
    workersPerCore: fc.integer({ min: 1, max: 16 }),
    pattern: fc.integer({ min: -3, max: 40 }),
    counter: fc.nat({ max: 10_000_000 }),
    share: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  })
  .map(({ share, ...rest }) => ({ ...rest, core: Math.floor(share * rest.cores) + 1 }))

describe('a staggered position', () => {
  it('names a worker of the core it was made for, among those its pattern allows', () => {
    fc.assert(
      fc.property(place, ({ cores, workersPerCore, pattern, counter, core }) => {
        const position = staggeredPosition(core, counter, pattern, workersPerCore, cores)
        const named = workerAt(position, workersPerCore, cores)
        expect(named.core).toBe(core)
        expect(named.slot).toBeLessThan(clampPattern(pattern, workersPerCore))
        expect(named.worker).toBe((core - 1) * workersPerCore + named.slot)
      }),
      { numRuns: 2000 },
    )
  })

  it('names the same worker with and without the stride of the later versions', () => {
    fc.assert(
      fc.property(place, ({ cores, workersPerCore, pattern, counter, core }) => {
        const withoutStride = (core - 1) * workersPerCore + (counter % clampPattern(pattern, workersPerCore))
        const withStride = staggeredPosition(core, counter, pattern, workersPerCore, cores)
        expect(workerAt(withStride, workersPerCore, cores)).toEqual(workerAt(withoutStride, workersPerCore, cores))
      }),
      { numRuns: 2000 },
    )
  })

  it('goes round all active workers of its core', () => {
    fc.assert(
      fc.property(place, ({ cores, workersPerCore, pattern, counter, core }) => {
        const active = clampPattern(pattern, workersPerCore)
        const slots = Array.from({ length: active }, (_, step) => {
          const position = staggeredPosition(core, counter + step, pattern, workersPerCore, cores)
          return workerAt(position, workersPerCore, cores).slot
        })
        expect(new Set(slots).size).toBe(active)
      }),
    )
  })

  it('stays on its core where an unclamped pattern would name a worker of the next', () => {
    // Four cores of three workers, pattern four, counter three: unclamped, core 2 would name worker 6, which is core 3's.
    const position = staggeredPosition(2, 3, 4, 3, 4)
    expect(workerAt(position, 3, 4)).toEqual({ worker: 3, core: 2, slot: 0 })
  })
})

describe('the counter of a core', () => {
  it('starts at the number of workers before it', () => {
    expect([1, 2, 3, 4].map((core) => initialCounter(core, 3))).toEqual([0, 3, 6, 9])
  })
})

describe('a pattern', () => {
  it.each([
    [0, 4, 1],
    [-7, 4, 1],
    [1, 4, 1],
    [4, 4, 4],
    [5, 4, 4],
    [2.9, 4, 2],
    [3, 1, 1],
  ])('of %d with %d workers counts as %d', (pattern, workersPerCore, clamped) => {
    expect(clampPattern(pattern, workersPerCore)).toBe(clamped)
  })
})

describe('the cores that a weight may use', () => {
  it.each([
    ['heavy', 1, 1, 1],
    ['medium', 1, 1, 1],
    ['light', 1, 1, 1],
    ['heavy', 2, 1, 1],
    ['medium', 2, 2, 2],
    ['light', 2, 2, 2],
    ['heavy', 3, 1, 1],
    ['medium', 3, 2, 3],
    ['light', 3, 3, 3],
    ['heavy', 16, 1, 1],
    ['medium', 16, 2, 16],
    ['light', 16, 3, 16],
  ] as const)('%s on %d cores: %d to %d', (weight, cores, first, last) => {
    expect(eligibleRange(weight, cores)).toEqual({ first, last })
  })

  it('are never none, and never outside of the machine', () => {
    fc.assert(
      fc.property(fc.constantFrom(...weights), fc.integer({ min: 1, max: 256 }), (weight, cores) => {
        const { first, last } = eligibleRange(weight, cores)
        expect(first).toBeGreaterThanOrEqual(1)
        expect(last).toBeGreaterThanOrEqual(first)
        expect(last).toBeLessThanOrEqual(cores)
      }),
    )
  })
})
