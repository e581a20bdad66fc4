import { describe, expect, it } from 'vitest'
import { ProducerQueue } from './producer-queue.ts'
import { sealTuple } from './seal-tuple.ts'
import { MemoryStore } from './stores/memory-store.ts'
import { TupleClock } from './tuple-clock.ts'
import { TupleSpace } from './tuple-space.ts'

const full = { kind: 'overloaded', message: expect.stringContaining('the tuple space is full') }

function spaceOf(maxTuples: number, patienceMs = 60_000) {
  return new TupleSpace({ store: new MemoryStore({ maxTuples }), patienceMs: () => patienceMs })
}

describe('a space that is full', () => {
  it('holds up whoever puts until there is room, first come first served, and keeps every tuple', async () => {
    const space = spaceOf(2)
    const put: number[] = []
    const outs = Array.from({ length: 50 }, (_, n) => space.out({ n }).then(() => put.push(n)))
    const taken: unknown[] = []
    while (taken.length < 50) taken.push((await space.in({}))?.n)
    await Promise.all(outs)
    const all = Array.from({ length: 50 }, (_, n) => n)
    expect([put, taken]).toEqual([all, all])
    expect(space.producers).toBe(0)
  })

  it.each([
    ['acknowledged', async (space: TupleSpace) => (await space.lend({}))?.acknowledge()],
    ['discarded', async (space: TupleSpace) => space.discard('a')],
  ])('has room once a tuple is %s', async (_how, act) => {
    const space = spaceOf(1)
    await space.out({ lane: 'a', n: 1 })
    const waiting = space.out({ lane: 'b', n: 2 })
    await act(space)
    await waiting
    expect((await space.all()).map(({ n }) => n)).toEqual([2])
  })

  it('gives what was held up to whoever waits for it', async () => {
    const space = spaceOf(1)
    await space.out({ lane: 'a' })
    const taking = space.in({ lane: 'b' })
    const putting = space.out({ lane: 'b', n: 1 })
    await space.in({ lane: 'a' })
    expect([await taking, await putting]).toEqual([expect.objectContaining({ n: 1 }), expect.any(String)])
  })

  it('refuses with one clear error at once, after the time a producer gives it, or when it gives up', async () => {
    const space = spaceOf(1, 0)
    await space.out({ n: 1 })
    await expect(space.out({ n: 2 })).rejects.toMatchObject(full)
    await expect(space.out({ n: 3 }, { timeoutMs: 1 })).rejects.toMatchObject(full)
    const controller = new AbortController()
    const waiting = space.out({ n: 4 }, { timeoutMs: null, signal: controller.signal })
    controller.abort(new Error('changed my mind'))
    await expect(waiting).rejects.toThrow('changed my mind')
    expect((await space.all()).map(({ n }) => n)).toEqual([1])
    expect(space.producers).toBe(0)
  })

  it('tells whoever waits for room that it is closed', async () => {
    const space = spaceOf(1)
    await space.out({ n: 1 })
    const waiting = space.out({ n: 2 })
    await space.close()
    await expect(waiting).rejects.toMatchObject({ kind: 'stopped' })
  })

  it('lets only so many wait, because what they hold is held in memory', async () => {
    const store = new MemoryStore({ maxTuples: 1 })
    const limits = { producers: 2, characters: 1000 }
    const queue = new ProducerQueue({ store, patienceMs: () => 60_000, offered: () => undefined, limits })
    const clock = new TupleClock()
    const put = async (text: string) => queue.put(sealTuple({ text }, clock), {})
    expect(await put('there')).toBe(true)
    const first = put('x'.repeat(500))
    await expect(put('x'.repeat(500))).rejects.toMatchObject(full)
    const second = put('')
    await expect(put('')).rejects.toMatchObject(full)
    store.limitTo(3)
    queue.roomMade()
    expect(await Promise.all([first, second])).toEqual([true, true])
  })
})
