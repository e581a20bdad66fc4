import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PayloadWriter } from '../workers/payload.ts'
import { flatRoom, longestFlat, writeFlatText } from './flat-text.ts'

function textOf(values: readonly unknown[]): string | null {
  const bytes = new Uint8Array(4096)
  const length = new PayloadWriter().write(bytes, 3, 4000, values)
  const target = new Uint8Array(flatRoom)
  const written = writeFlatText(bytes, 3, length, target)
  return written < 0 ? null : new TextDecoder().decode(target.subarray(0, written))
}

test('numbers and ASCII strings become the text that joining them gives, in lower case', () => {
  const ascii = fc.string({ unit: 'grapheme-ascii', maxLength: 20 })
  const values = fc.array(fc.oneof(fc.integer(), fc.double(), ascii), { maxLength: 15 })
  fc.assert(
    fc.property(values, (each) => {
      expect(textOf(each)).toBe(each.join(' ').toLowerCase())
    }),
  )
  expect(textOf(['', '', -0, 2 ** 31, -(2 ** 31), Number.NaN, 1e300])).toBe('  0 2147483648 -2147483648 nan 1e+300')
})

test('anything else is left to the long way', () => {
  for (const values of [[null], [1, ['a']], [{ a: 1 }], [true], ['é'], [10n]]) expect(textOf(values)).toBeNull()
  expect(textOf(['x'.repeat(longestFlat)])).toBeNull()
})

test('the longest it takes fits the room, whatever numbers it holds', () => {
  const count = Math.floor((longestFlat - 5) / 9)
  expect(textOf(new Array(count).fill(-1.234567890123456e-300))?.length).toBeLessThanOrEqual(flatRoom)
})

test('bytes that are cut off are no text', () => {
  const bytes = new Uint8Array(64)
  const length = new PayloadWriter().write(bytes, 0, 64, ['customer', 7])
  for (let cut = 0; cut < length; cut++) {
    expect(writeFlatText(bytes, 0, cut, new Uint8Array(flatRoom))).toBe(-1)
  }
})
