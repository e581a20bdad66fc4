import { expect, it } from 'vitest'
import { readableText } from './readable-text.ts'

it('breaks lines outside of texts and changes no number', () => {
  const text = readableText('{"a":[1.0,9007199254740993],"b":{},"c":"x,{\\"}:","d":[]}')
  expect(text).toBe('{\n  "a": [\n    1.0,\n    9007199254740993\n  ],\n  "b": {},\n  "c": "x,{\\"}:",\n  "d": []\n}')
})
