import { expect, test } from 'vitest'
import { BatchWriter } from './journal-batch.ts'
import { SharedTexts } from './shared-texts.ts'
import { placesPerBlock, type SharedBlock, TextBlock } from './text-block.ts'

/** The batch that accepts these tokens, by sequence. */
function batchOf(tokens: readonly (readonly [sequence: number, values: readonly unknown[]])[], limit = 1 << 20) {
  const batch = new BatchWriter()
  for (const [sequence, values] of tokens) {
    batch.value(values, limit)
    batch.accepted({
      sequence,
      attempt: 1,
      operation: 1,
      created: 1,
      weight: 1,
      parent: 0,
      timeout: 0,
      queueTimeout: 0,
      flags: 0,
    })
  }
  return batch.take()
}

function found(blocks: readonly SharedBlock[], text: string): number[] {
  const part = new TextEncoder().encode(text)
  return blocks.flatMap(({ number, memory }) =>
    [...(new TextBlock(memory).find(part, 0, null)?.entries() ?? [])]
      .filter(([, mark]) => mark === 1)
      .map(([place]) => number * placesPerBlock + place),
  )
}

test('small plain arguments are found in the block of their chunk, in lower case', () => {
  const texts = new SharedTexts()
  texts.add(
    batchOf([
      [1, ['Customer', 12]],
      [2, [{ customer: 1 }]],
      [3, ['other']],
      [placesPerBlock, ['customer']],
    ]),
  )
  const blocks = texts.takeBegun()
  expect(blocks.map(({ number }) => number)).toEqual([0, 1])
  expect(found(blocks, 'customer')).toEqual([1, placesPerBlock])
  expect(found(blocks, 'customer 12')).toEqual([1])
  expect(new TextBlock((blocks[0] as SharedBlock).memory).has(2)).toBe(false)
})

test('a block is told once and filled by later batches; a full one is followed by another of the same chunk', () => {
  const texts = new SharedTexts()
  texts.add(batchOf([[1, ['first']]]))
  const blocks = [...texts.takeBegun()]
  texts.add(batchOf([[2, ['second']]]))
  expect(texts.takeBegun()).toEqual([])
  expect(found(blocks, 'second')).toEqual([2])
  const long = 'x'.repeat(400)
  texts.add(batchOf(Array.from({ length: 3000 }, (_, index) => [3 + index, [long]] as const)))
  blocks.push(...texts.takeBegun())
  expect(new Set(blocks.map(({ number }) => number))).toEqual(new Set([0]))
  expect(blocks.length).toBeLessThan(12)
  expect(found(blocks, long)).toHaveLength(3000)
})

test('arguments that are not to be kept are not here either, and after another file has begun nothing goes into old blocks', () => {
  const texts = new SharedTexts()
  texts.add(batchOf([[1, ['secret']]], 0))
  expect(texts.takeBegun()).toEqual([])
  texts.add(batchOf([[2, ['kept']]]))
  const before = texts.takeBegun()
  texts.forget()
  texts.add(batchOf([[3, ['kept']]]))
  expect(found(before, 'kept')).toEqual([2])
  expect(found(texts.takeBegun(), 'kept')).toEqual([3])
})
