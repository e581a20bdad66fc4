import { expect, test } from 'vitest'
import { TextChunk } from './text-chunk.ts'

const encode = (text: string) => new TextEncoder().encode(text)

function chunkOf(...texts: readonly string[]): TextChunk {
  const chunk = new TextChunk()
  // Places in any order, as texts come in any.
  for (const [index, text] of texts.entries()) chunk.add(texts.length - 1 - index, encode(text))
  return chunk
}

function found(chunk: TextChunk, part: string, count: number): number[] {
  const bytes = encode(part)
  const all = [...bytes.keys()].map((pivot) => [...(chunk.find(bytes, pivot, count) ?? [])].join())
  // Whichever byte is looked for first.
  expect(new Set(all).size).toBe(1)
  const marks = chunk.find(bytes, 0, count)
  return marks === null ? [] : [...marks.keys()].filter((place) => marks[place] === 1)
}

test('a part is found at the beginning, in the middle and at the end of texts, and each text once', () => {
  const chunk = chunkOf('abcabc', 'xxabc', 'ab', 'cab', 'éabç')
  expect(found(chunk, 'abc', 5)).toEqual([3, 4])
  expect(found(chunk, 'ab', 5)).toEqual([0, 1, 2, 3, 4])
  expect(found(chunk, 'é', 5)).toEqual([0])
})

test('what only two neighbouring texts together contain is in neither', () => {
  expect(found(chunkOf('one', 'two', '', 'three'), 'et', 4)).toEqual([])
  expect(found(chunkOf('aab', 'ab'), 'bab', 2)).toEqual([])
})

test('a text that lies in the bytes behind a false start is found all the same', () => {
  expect(found(chunkOf('xa', 'aab'), 'aa', 2)).toEqual([0])
})

test('thousands of texts are found where they are', () => {
  const texts = Array.from({ length: 4000 }, (_, index) => `customer ${index} of ${index % 7}`)
  expect(found(chunkOf(...texts), 'customer 3999', 4000)).toEqual([0])
  expect(found(chunkOf(...texts), 'of 3', 4000)).toHaveLength(texts.filter((text) => text.endsWith('of 3')).length)
})
