import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { align } from './align.ts'

describe('an alignment', () => {
  it.each<[string, string, string]>([
    ['abc', 'abc', 'aa bb cc'],
    ['abc', 'ac', 'aa b- cc'],
    ['ac', 'abbc', 'aa -b -b cc'],
    ['axc', 'ayc', 'aa x- -y cc'],
    ['', 'ab', '-a -b'],
  ])('of %s and %s', (left, right, expected) => {
    const shown = align([...left], [...right]).map(
      (pair) => (left[pair.left ?? -1] ?? '-') + (right[pair.right ?? -1] ?? '-'),
    )
    expect(shown.join(' ')).toBe(expected)
  })

  it('keeps both lists whole and in order, and pairs only what is alike', () => {
    const items = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 30 })
    fc.assert(
      fc.property(items, items, (left, right) => {
        const pairs = align(left, right)
        expect(pairs.map((pair) => pair.left).filter((index) => index !== null)).toEqual([...left.keys()])
        expect(pairs.map((pair) => pair.right).filter((index) => index !== null)).toEqual([...right.keys()])
        for (const pair of pairs) {
          if (pair.left !== null && pair.right !== null) expect(left[pair.left]).toBe(right[pair.right])
        }
      }),
    )
  })

  it('of long lists does not take the square of their length', () => {
    const left = Array.from({ length: 20_000 }, (_, index) => `n${index % 97}`)
    const right = left.toSpliced(10_000, 1, 'other').toSpliced(3, 1).toSpliced(-3, 1)
    const pairs = align(left, right)
    expect(pairs.filter((pair) => pair.left !== null)).toHaveLength(20_000)
    expect(pairs.filter((pair) => pair.left !== null && pair.right !== null).length).toBeGreaterThan(9_000)
  })
})
