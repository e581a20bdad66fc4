import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Template, Tuple, TupleValue } from '../../../shared/model/bus.ts'
import { compileMatcher, matches } from './matcher.ts'
import { parseTuple } from './parse-tuple.ts'
import { sealTuple } from './seal-tuple.ts'
import { TupleClock } from './tuple-clock.ts'
import { canonicalText, spacedText } from './tuple-text.ts'
import { anyTupleValue } from './tuple-values.fixture.ts'

const clock = new TupleClock()
const keys = fc.constantFrom('lane', 'yool', 'id', 'n', 'data', 'toString')
const names = fc.constantFrom('a', 'b', '')
/** `lane`, `yool` and `id` are mostly texts, as they are meant to be. */
const fields = fc.dictionary(keys, fc.oneof({ arbitrary: names, weight: 3 }, { arbitrary: anyTupleValue, weight: 2 }), {
  noNullPrototype: true,
})

function tupleOf(given: Record<string, TupleValue>): Tuple {
  const { id, ...rest } = given
  return sealTuple(typeof id === 'string' && id !== '' ? { ...rest, id } : rest, clock)
}

/** Field by field, by their canonical texts. */
function matchesByText(template: Template, tuple: Tuple): boolean {
  return Object.entries(template).every(
    ([key, value]) => Object.hasOwn(tuple, key) && canonicalText(tuple[key] ?? null) === canonicalText(value),
  )
}

describe('a template', () => {
  it('matches what has each of its fields, deeply equal, and nothing else', () => {
    fc.assert(
      fc.property(
        fields,
        fields,
        fc.subarray(['lane', 'yool', 'id', 'n', 'data', 'toString']),
        (given, other, kept) => {
          const tuple = tupleOf(given)
          for (const template of [
            other,
            Object.fromEntries(Object.entries(tuple).filter(([key]) => kept.includes(key))),
          ]) {
            expect(matches(compileMatcher(template), tuple), spacedText(template)).toBe(matchesByText(template, tuple))
          }
        },
      ),
      { numRuns: 150 },
    )
  })

  it('matches the same whatever way the tuple went through text', () => {
    fc.assert(
      fc.property(fields, fields, (given, template) => {
        const tuple = tupleOf(given)
        const read = parseTuple(spacedText(tuple))
        expect(canonicalText(read)).toBe(canonicalText(tuple))
        expect(matches(compileMatcher(template), read)).toBe(matches(compileMatcher(template), tuple))
        expect(matches(compileMatcher(tuple), read)).toBe(true)
      }),
      { numRuns: 100 },
    )
  })

  it('takes a whole number for the same in whatever type it comes', () => {
    const tuple = tupleOf({ n: 5, big: 2n ** 64n, list: [7n] })
    expect(tuple.list).toEqual([7])
    expect(
      [{ n: 5n }, { big: 2n ** 64n }, { list: [7] }, { list: [7n] }].map((each) =>
        matches(compileMatcher(each), tuple),
      ),
    ).toEqual([true, true, true, true])
    expect(
      [{ n: 6n }, { n: '5' }, { big: 2n ** 64n + 1n }, { n: [5n] }].some((each) =>
        matches(compileMatcher(each), tuple),
      ),
    ).toBe(false)
  })
})
