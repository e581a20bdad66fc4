import { expect, test } from 'vitest'
import { readNumber } from './read-number.ts'

const range = { least: 0, most: 65_535 }

test('an option that was not given has no number', () => {
  expect(readNumber('port', undefined, range)).toBeUndefined()
})

test('the ends of the range belong to it', () => {
  expect([readNumber('port', '0', range), readNumber('port', '65535', range)]).toEqual([0, 65_535])
  expect(readNumber('timeout', '0.5', { least: 0.1, most: 1, whole: false })).toBe(0.5)
})

test.each(['-1', '65536', '1.5', 'http', '', ' ', 'NaN', 'Infinity'])('%j is no port', (text) => {
  expect(() => readNumber('port', text, range)).toThrowError(
    `--port must be a whole number from 0 to 65535, not "${text}"`,
  )
})
