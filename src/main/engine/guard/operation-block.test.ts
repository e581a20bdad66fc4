import { expect, it } from 'vitest'
import { OperationBlock } from './operation-block.ts'

it('waits twice as long for each probe after one that failed, at most 64 times as long', () => {
  const block = new OperationBlock('made.up', 'it fails', 'guard house', 0, 100)
  const waits = Array.from({ length: 8 }, () => {
    const now = block.probeAt
    block.admit(now)
    block.probeFailed(now, 100)
    expect(block.stateAt(now)).toBe('blocked')
    return block.probeAt - now
  })
  expect(waits).toEqual([200, 400, 800, 1600, 3200, 6400, 6400, 6400])
})
