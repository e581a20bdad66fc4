import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { edges, longestSpan, pan, shortestSpan, showRange, ticks, zoom } from './timeline-window.ts'

const now = 100_000_000
const past = { to: 50_000_000, span: 10_000_000 }

describe('the window in time', () => {
  it('keeps the instant under the pointer where it is while zooming', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (factor, share) => {
          const before = edges(past, now)
          const after = edges(zoom(past, factor, share, now), now)
          if (after.to === now) return
          const still = before.from + (before.to - before.from) * share
          expect(after.from + (after.to - after.from) * share).toBeCloseTo(still, 0)
        },
      ),
    )
  })

  it('never becomes shorter or longer than what can be shown', () => {
    expect(zoom(past, 1e-9, 0.5, now).span).toBe(shortestSpan)
    expect(zoom(past, 1e9, 0.5, now).span).toBe(longestSpan)
  })

  it('follows the present once it reaches it, and stops to when moved away', () => {
    expect(pan(past, 100, now).to).toBeNull()
    expect(pan({ to: null, span: 10 }, -1, now).to).toBe(now - 10)
    expect(zoom({ to: null, span: 1000 }, 2, 0.5, now).to).toBeNull()
  })

  it('shows a chosen range', () => {
    expect(edges(showRange({ from: 10_000, to: 30_000 }, now), now)).toEqual({ from: 10_000, to: 30_000 })
  })
})

it('puts round instants on the axis, never more than asked for', () => {
  expect(ticks({ from: 0, to: 10_000_000 }, 5)).toEqual({
    at: [0, 2_000_000, 4_000_000, 6_000_000, 8_000_000, 10_000_000],
    step: 2_000_000,
  })
  fc.assert(
    fc.property(fc.double({ min: 10, max: 1e9, noNaN: true }), fc.integer({ min: 1, max: 20 }), (span, atMost) => {
      const { at } = ticks({ from: 12_345.6, to: 12_345.6 + span }, atMost)
      expect(at.length).toBeLessThanOrEqual(atMost + 1)
    }),
  )
})
