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

test('of very many keys, evenly spread or heaped, a page anywhere is that of a whole sort', () => {
  const many = 50_000
  const shapes: readonly ((index: number) => number)[] = [
    (index) => (index * 7919) % 50_021,
    (index) => (index % 100 === 0 ? index : 1),
    () => 5,
    (index) => 1 / (index + 1),
  ]
  const sequences = Float64Array.from({ length: many }, (_, index) => many - index)
  for (const shape of shapes) {
    const keys = Float64Array.from({ length: many }, (_, index) => shape(index))
    const whole = Array.from(keys.keys()).sort((x, y) => (keys[x] ?? 0) - (keys[y] ?? 0) || x - y)
    for (const from of [0, 1, 25_000, many - 100, many]) {
      const until = Math.min(from + 100, many)
      const expected = whole.slice(from, until).map((index) => sequences[index])
      expect([...ranked(sequences, keys, from, until)]).toEqual(expected)
    }
  }
})
