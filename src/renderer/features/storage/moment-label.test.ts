import { expect, it } from 'vitest'
import { momentLabel } from './moment-label.ts'

const at = new Date(2026, 10, 21, 14, 3, 22).getTime()
const minute = 60_000
const day = 24 * 60 * minute

it('says as much as tells five moments on the axis apart, and no more', () => {
  expect(momentLabel(at, 2 * minute)).toBe('14:03:22')
  expect(momentLabel(at, 60 * minute)).toBe('14:03')
  expect(momentLabel(at, 3 * day)).toBe('11-21 14:03')
  expect(momentLabel(at, 30 * day)).toBe('11-21')
})

it.each([1, 10, 60, 1440, 3 * 1440, 7 * 1440, 90 * 1440])(
  'names the ticks of an axis of %i minutes differently',
  (minutes) => {
    const span = minutes * minute
    const labels = [0, 1, 2, 3, 4].map((tick) => momentLabel(at + (span * tick) / 4, span))
    expect(new Set(labels).size).toBe(5)
  },
)
