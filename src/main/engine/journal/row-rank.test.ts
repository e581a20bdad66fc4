import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ranked } from './row-rank.ts'

test('the ranks of a page are those of a whole sort that keeps equals as they come', () => {
  const keys = fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 60 })
  fc.assert(
    fc.property(keys, fc.nat(60), fc.nat(60), (values, a, b) => {
      const from = Math.min(a, b, values.length)
      const until = Math.min(Math.max(a, b), values.length)
      const sequences = Float64Array.from(values, (_, index) => 1000 - index)
      const whole = values.map((key, index) => ({ key, index })).sort((x, y) => x.key - y.key || x.index - y.index)
      const expected = whole.slice(from, until).map(({ index }) => sequences[index])
      expect([...ranked(sequences, Float64Array.from(values), from, until)]).toEqual(expected)
    }),
  )
})
