import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { rowsPerChunk } from './row-columns.ts'
import { TextBlock } from './text-block.ts'
import { TextSearch } from './text-search.ts'
import { noText } from './token-texts.ts'

/** Texts by token, as the file would give them: null for one that is not on the disk yet. */
class MadeUpTexts {
  bytes = new Uint8Array(0)
  readonly bySequence = new Map<number, string | null>()
  reads = 0

  read(sequence: number): number {
    this.reads += 1
    const text = this.bySequence.get(sequence)
    if (text === null) return noText.notYet
    if (text === undefined) return noText.gone
    this.bytes = new TextEncoder().encode(text)
    return this.bytes.length
  }
}

function found(search: TextSearch, text: string): number[] {
  const sequences: number[] = []
  for (const [number, marks] of search.find(text)) {
    for (const [place, mark] of marks.entries()) if (mark === 1) sequences.push(number * rowsPerChunk + place)
  }
  return sequences.sort((a, b) => a - b)
}

async function settle(search: TextSearch): Promise<void> {
  while (search.pending > 0) await setImmediate()
}

test('the texts of the oldest tokens go when the memory is full, and it is known which', async () => {
  const texts = new MadeUpTexts()
  const search = new TextSearch(texts, 40_000)
  const chunks = 10
  for (let chunk = 0; chunk < chunks; chunk++) {
    const sequence = chunk * rowsPerChunk
    texts.bySequence.set(sequence, `customer ${chunk} ${'x'.repeat(8000)}`)
    search.add([sequence])
  }
  await settle(search)
  const left = found(search, 'customer')
  expect(left.length).toBeGreaterThan(1)
  expect(left.length).toBeLessThan(chunks)
  // An unbroken row up to the newest, and the border is told.
  expect(left.at(-1)).toBe((chunks - 1) * rowsPerChunk)
  expect(left[0]).toBe(search.firstSequence)
  expect(left).toHaveLength(chunks - search.firstSequence / rowsPerChunk)
})

test('texts older than those that had to go are not even read', async () => {
  const texts = new MadeUpTexts()
  const search = new TextSearch(texts, 40_000)
  const sequences = Array.from({ length: 100 }, (_, index) => (100 - index) * rowsPerChunk)
  for (const sequence of sequences) texts.bySequence.set(sequence, 'x'.repeat(8000))
  search.add(sequences)
  await settle(search)
  expect(texts.reads).toBeLessThan(10)
  expect(found(search, 'x').at(-1)).toBe(100 * rowsPerChunk)
})

test('a text that is not on the disk yet is waited for, and found once it is', async () => {
  const texts = new MadeUpTexts()
  const search = new TextSearch(texts)
  texts.bySequence.set(1, 'first').set(2, null).set(3, 'third')
  search.add([1, 2, 3])
  await setImmediate()
  await setImmediate()
  expect(search.pending).toBe(2)
  texts.bySequence.set(2, 'second')
  expect(found(search, 'first')).toEqual([1])
  await settle(search)
  expect(found(search, 'second')).toEqual([2])
  expect(found(search, 'third')).toEqual([3])
})

test('shared texts are found beside those that were read, also what comes into them later, and count towards the memory', async () => {
  const texts = new MadeUpTexts()
  const search = new TextSearch(texts, 100_000)
  const blocks = [3, 4, 5].map((number) => ({ number, block: TextBlock.withRoom(100) }))
  for (const { number, block } of blocks) search.addShared({ number, memory: block.memory })
  const encoder = new TextEncoder()
  for (const { block } of blocks) block.add(9, encoder.encode('shared text'), 11)
  const inChunk = (number: number, place: number) => number * rowsPerChunk + place
  texts.bySequence.set(inChunk(3, 10), 'a text that was read')
  search.add([inChunk(3, 10)])
  await settle(search)
  // Three blocks and a text are less than the limit.
  expect(found(search, 'text')).toEqual([inChunk(3, 9), inChunk(3, 10), inChunk(4, 9), inChunk(5, 9)])
  expect([search.isShared(inChunk(3, 9)), search.isShared(inChunk(3, 10)), search.isShared(9)]).toEqual([
    true,
    false,
    false,
  ])
  search.addShared({ number: 6, memory: TextBlock.withRoom(100).memory })
  expect(search.firstSequence).toBe(inChunk(4, 0))
  expect(found(search, 'text')).toEqual([inChunk(4, 9), inChunk(5, 9)])
  search.removeChunk(5)
  expect(found(search, 'shared')).toEqual([inChunk(4, 9)])
})
