import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { QueueLinks, TokenQueue } from './token-queue.ts'

const slots = 40

/** Queues over one set of slots, ranked by their number. */
function makeQueues(count: number): TokenQueue[] {
  const links = new QueueLinks()
  links.grow(slots)
  for (let slot = 0; slot < slots; slot++) {
    links.rank[slot] = slot + 1
    links.queueOf[slot] = null
  }
  return Array.from({ length: count }, (_, index) => new TokenQueue(`queue ${index}`, links))
}

function expectContent(queue: TokenQueue, content: readonly number[]): void {
  expect([...queue]).toEqual(content)
  expect(queue.length).toBe(content.length)
  expect(queue.head).toBe(content[0] ?? -1)
  expect(queue.tail).toBe(content.at(-1) ?? -1)
  expect(queue.headRank()).toBe(content[0] === undefined ? Number.POSITIVE_INFINITY : content[0] + 1)
}

describe('a token queue', () => {
  it('is empty at first', () => {
    for (const queue of makeQueues(1)) expectContent(queue, [])
  })

  it('keeps the order of ranks, whatever the order of insertion', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(Array.from({ length: slots }, (_, slot) => slot)), (order) => {
        for (const queue of makeQueues(1)) {
          for (const slot of order) queue.insert(slot)
          expectContent(
            queue,
            [...order].sort((a, b) => a - b),
          )
        }
      }),
    )
  })

  it('lets its visitor take away the token it stands on', () => {
    for (const queue of makeQueues(1)) {
      for (const slot of [1, 2, 3, 4]) queue.insert(slot)
      for (const slot of queue) if (slot % 2 === 0) queue.remove(slot)
      expectContent(queue, [1, 3])
    }
  })

  it('grows without losing its order', () => {
    const links = new QueueLinks()
    links.grow(2)
    const queue = new TokenQueue('growing', links)
    for (const slot of [0, 1]) {
      links.rank[slot] = slot
      queue.insert(slot)
    }
    links.grow(8)
    for (const slot of [7, 5]) {
      links.rank[slot] = slot
      queue.insert(slot)
    }
    expect([...queue]).toEqual([0, 1, 5, 7])
  })
})

describe('queues that exchange tokens', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('insert' as const), slot: fc.nat({ max: slots - 1 }), queue: fc.nat({ max: 2 }) }),
    fc.record({ kind: fc.constant('remove' as const), slot: fc.nat({ max: slots - 1 }) }),
    fc.record({ kind: fc.constant('merge' as const), from: fc.nat({ max: 2 }), into: fc.nat({ max: 2 }) }),
  )

  it('stay sorted through any insertion, removal and merge, and share no token', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
        const queues = makeQueues(3)
        const models = queues.map(() => new Set<number>())
        const holderOf = (slot: number) => models.findIndex((model) => model.has(slot))
        for (const each of steps) {
          if (each.kind === 'insert' && holderOf(each.slot) < 0) {
            queues[each.queue]?.insert(each.slot)
            models[each.queue]?.add(each.slot)
          } else if (each.kind === 'remove' && holderOf(each.slot) >= 0) {
            queues[holderOf(each.slot)]?.remove(each.slot)
            models[holderOf(each.slot)]?.delete(each.slot)
          } else if (each.kind === 'merge' && each.from !== each.into) {
            const [into, from] = [queues[each.into], queues[each.from]]
            if (into !== undefined && from !== undefined) into.merge(from)
            for (const slot of models[each.from] ?? []) models[each.into]?.add(slot)
            models[each.from]?.clear()
          }
        }
        for (const [index, queue] of queues.entries()) {
          expectContent(
            queue,
            [...(models[index] ?? [])].sort((a, b) => a - b),
          )
        }
      }),
      { numRuns: 500 },
    )
  })
})
