import { expect, test } from 'vitest'
import { formatBytes } from '../../ui/format.ts'
import { byteTicks } from './byte-ticks.ts'

const mib = 1 << 20

test('an axis of bytes is marked at round numbers of one unit, up to above the most', () => {
  expect(byteTicks(39.5 * mib).map(formatBytes)).toEqual(['0 B', '10.0 MiB', '20.0 MiB', '30.0 MiB', '40.0 MiB'])
  expect(byteTicks(265 * 1024).map(formatBytes)).toEqual(['0 B', '100 KiB', '200 KiB', '300 KiB'])
  expect(byteTicks(1000 * mib).map(formatBytes)).toEqual(['0 B', '256 MiB', '512 MiB', '768 MiB', '1.00 GiB'])
})

test('nothing at all has an axis too', () => {
  expect(byteTicks(0)).toEqual([0, 1])
})
