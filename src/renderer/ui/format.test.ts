import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatAgo,
  formatBytes,
  formatCompact,
  formatCount,
  formatDuration,
  formatNumberList,
  formatPlural,
  formatRate,
  formatShare,
  formatShown,
  missing,
} from './format.ts'

describe('formatDuration', () => {
  it.each([
    [0, '0 µs'],
    [0.42, '420 ns'],
    [0.9999, '1.00 µs'],
    [12.34, '12.3 µs'],
    [999.4, '999 µs'],
    [999.6, '1.00 ms'],
    [4560, '4.56 ms'],
    [999_600, '1.00 s'],
    [59_949_000, '59.9 s'],
    [59_960_000, '1 m 00 s'],
    [125_000_000, '2 m 05 s'],
    [3_600_000_000, '1 h 00 m'],
    [90_000_000_000, '1 d 01 h'],
  ])('writes %d microseconds as %s', (microseconds, text) => {
    expect(formatDuration(microseconds)).toBe(text)
  })

  it('writes what is missing as a dash', () => {
    expect([null, undefined, Number.NaN].map(formatDuration)).toEqual([missing, missing, missing])
  })

  it('never shows more than four digits before the unit below a minute', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 59_900_000, noNaN: true }), (microseconds) => {
        const [amount] = formatDuration(microseconds).split(' ')
        expect(amount?.replace('.', '').length).toBeLessThanOrEqual(4)
        expect(Number(amount)).toBeLessThan(1000)
      }),
    )
  })
})

describe('formatCompact', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [999.6, '1.00k'],
    [1234, '1.23k'],
    [45_600, '45.6k'],
    [999_600, '1.00M'],
    [1_000_000_000, '1.00G'],
  ])('writes %d as %s', (value, text) => {
    expect(formatCompact(value)).toBe(text)
  })
})

describe('the other formats', () => {
  it('puts thousands of a count apart', () => {
    expect(formatCount(1_234_567)).toBe('1,234,567')
  })

  it('shows a digit after the point only for small rates', () => {
    expect([0, 0.44, 12.34, 1234.5].map(formatRate)).toEqual(['0', '0.4', '12.3', '1,235'])
  })

  it('shows small shares precisely when asked', () => {
    expect([formatShare(0.372), formatShare(0.0042, true), formatShare(0, true), formatShare(1)]).toEqual([
      '37 %',
      '0.4 %',
      '0 %',
      '100 %',
    ])
  })

  it('says how long ago in one unit', () => {
    expect([200, 42_900, 300_000, 7_200_000, 200_000_000].map(formatAgo)).toEqual([
      'now',
      '42 s ago',
      '5 min ago',
      '2 h ago',
      '2 d ago',
    ])
  })

  it('counts bytes in powers of 1024', () => {
    expect([512, 1024, 1_048_576 * 3.5, 1023.6].map(formatBytes)).toEqual(['512 B', '1.00 KiB', '3.50 MiB', '1.00 KiB'])
  })

  it('says what part of the whole is shown only when it is a part', () => {
    expect([formatShown(200, 12_345), formatShown(3, 3), formatShown(1, 1, 'entries')]).toEqual([
      '200 of 12,345 rows',
      '3 rows',
      '1 entry',
    ])
  })

  it('knows one from many', () => {
    expect([formatPlural(1, 'token'), formatPlural(0, 'token'), formatPlural(2, 'entry', 'entries')]).toEqual([
      '1 token',
      '0 tokens',
      '2 entries',
    ])
  })
  it('writes neighbouring numbers as ranges', () => {
    expect(formatNumberList([5, 0, 1, 2, 9, 8])).toBe('0–2, 5, 8–9')
  })
})
