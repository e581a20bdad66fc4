import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SampleWindow } from './sample-window.ts'

describe('a window of samples', () => {
  it('has no quantiles before the first', () => {
    expect(new SampleWindow(8).quantiles()).toEqual({ p50: null, p95: null, p99: null, samples: 0 })
  })

  it('has nearest-rank quantiles of the newest samples', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 300 }), (samples) => {
        const window = new SampleWindow(100)
        for (const sample of samples) window.add(sample)
        const sorted = samples.slice(-100).sort((a, b) => a - b)
        const { p50, p95, p99, samples: count } = window.quantiles()
        expect(count).toBe(sorted.length)
        for (const [share, quantile] of [
          [0.5, p50],
          [0.95, p95],
          [0.99, p99],
        ] as const) {
          // The smallest sample that at least this share is not above.
          const smallest = sorted.find(
            (each) => sorted.filter((other) => other <= each).length >= share * sorted.length,
          )
          expect(Number(quantile)).toBeCloseTo(Number(smallest), 10)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('answers anew after each sample', () => {
    const window = new SampleWindow(3)
    window.add(1)
    expect(window.quantiles().p99).toBe(1)
    window.add(5)
    expect(window.quantiles().p99).toBe(5)
  })
})
