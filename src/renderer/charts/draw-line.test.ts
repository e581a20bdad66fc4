import { expect, it } from 'vitest'
import { decadeScale, linearScale } from './draw-line.ts'

it('has whole decades around its values', () => {
  const scale = decadeScale(20, 4000)
  expect([10, 100, 1000, 10_000].map(scale)).toEqual([0, 1 / 3, 2 / 3, 1].map((share) => expect.closeTo(share)))
  expect([scale(1), scale(1e9)]).toEqual([0, 1])
})

it('has at least one decade, also for equal values and for zero', () => {
  expect(decadeScale(100, 100)(100)).toBe(0)
  expect(Number.isFinite(decadeScale(0, 0)(0))).toBe(true)
})

it('is flat at the ground while everything is zero', () => {
  expect(linearScale(0)(0)).toBe(0)
  expect(linearScale(10)(5)).toBe(0.5)
})
