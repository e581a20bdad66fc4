import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sequenceOf, tokenId } from './token-id.ts'

test('an id is the operation, the nanosecond of creation and the sequence', () => {
  expect(tokenId('image.resize', 1.5, 1_700_000_000_000, 42)).toBe('image.resize_1700000000000001500_42')
})

test('ids of one host never collide, also within one nanosecond and whatever the operation is called', () => {
  const token = fc.tuple(fc.string(), fc.double({ min: 0, max: 1e12, noNaN: true }))
  fc.assert(
    fc.property(fc.array(token, { maxLength: 50 }), (tokens) => {
      const ids = tokens.map(([operation, createdAt], index) =>
        tokenId(operation, createdAt, 1_700_000_000_000, index + 1),
      )
      expect(new Set(ids).size).toBe(tokens.length)
      expect(ids.map(sequenceOf)).toEqual(tokens.map((_, index) => index + 1))
    }),
  )
})

test.each(['', 'image.resize', 'a_1', 'a_b_c', '_1_', 'a_1_12345678901234567'])('%j is no id', (text) => {
  expect(sequenceOf(text)).toBeNull()
})
