import { expect, it } from 'vitest'
import { canonicalText, spacedText } from './tuple-text.ts'

it('tells keys that are empty, or hold the separator of layouts, from fewer and from several keys', () => {
  expect([{}, { '': 1 }, {}].map((value) => canonicalText(value))).toEqual(['{}', '{"":1}', '{}'])
  const several = { a: 1, b: 2 }
  const one = { 'a\u0000b': 3 }
  for (const value of [several, one, { '': 1, a: 2 }, { a: 2, '': 1 }]) {
    expect(JSON.parse(canonicalText(value))).toEqual(value)
    expect(JSON.parse(spacedText(value))).toEqual(value)
  }
})
