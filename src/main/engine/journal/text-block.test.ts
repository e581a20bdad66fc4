import { expect, test } from 'vitest'
import { rowsPerChunk } from './row-columns.ts'
import { placesPerBlock, TextBlock } from './text-block.ts'

const encode = (text: string) => new TextEncoder().encode(text)

function found(block: TextBlock, part: string): number[] {
  const marks = block.find(encode(part), 0, null)
  return marks === null ? [] : [...marks.keys()].filter((place) => marks[place] === 1)
}

function add(block: TextBlock, place: number, text: string): boolean {
  const bytes = encode(text)
  return block.add(place, bytes, bytes.length)
}

test('a block has as many places as a chunk of rows', () => {
  expect(placesPerBlock).toBe(rowsPerChunk)
})

test('what is added later is found through the memory alone', () => {
  const block = TextBlock.withRoom(64)
  const other = new TextBlock(block.memory)
  expect(found(other, 'one')).toEqual([])
  add(block, 7, 'one two')
  add(block, 4095, 'two')
  expect(found(other, 'two')).toEqual([7, 4095])
  expect(found(other, 'twotwo')).toEqual([])
  expect([other.has(7), other.has(8), other.occurrences(111)]).toEqual([true, false, 3])
})

test('a text that does not fit is refused and changes nothing, and one that is there is not added twice', () => {
  const block = TextBlock.withRoom(4)
  expect(add(block, 0, 'abc')).toBe(true)
  expect(add(block, 1, 'de')).toBe(false)
  expect(add(block, 0, 'abc')).toBe(true)
  expect(add(block, 2, 'd')).toBe(true)
  expect([found(block, 'd'), block.has(1), block.used]).toEqual([[2], false, 4])
})

test('a whole chunk of texts fits, also of empty ones', () => {
  const block = TextBlock.withRoom(0)
  for (let place = 0; place < placesPerBlock; place++) expect(add(block, place, '')).toBe(true)
  expect([block.used, block.has(placesPerBlock - 1)]).toEqual([0, true])
})
