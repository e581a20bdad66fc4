import { expect, test } from 'vitest'
import { formatCount, formatDuration, formatShare } from './figures.ts'

test.each([
  [null, '-'],
  [Number.NaN, '-'],
  [0, '0 µs'],
  [0.1234, '0.123 µs'],
  [999.4, '999 µs'],
  [999.6, '1 ms'],
  [3421, '3.42 ms'],
  [999_400, '999 ms'],
  [999_600, '1 s'],
  [1_500_000, '1.5 s'],
  [59_940_000, '59.9 s'],
  [59_960_000, '1 min 0 s'],
  [125_000_000, '2 min 5 s'],
  [3_600_000_000, '1 h 0 min'],
  [90_000_000_000, '25 h 0 min'],
])('%j microseconds read as %s', (microseconds, text) => {
  expect(formatDuration(microseconds)).toBe(text)
})

test('counts are grouped and shares are percent', () => {
  expect([formatCount(0), formatCount(1234567), formatCount(0.4)]).toEqual(['0', '1,234,567', '0'])
  expect([formatShare(0), formatShare(0.374), formatShare(1)]).toEqual(['0 %', '37 %', '100 %'])
})
