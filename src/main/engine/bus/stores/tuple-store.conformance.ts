import { describe, expect, it } from 'vitest'
import { assertDefined } from '../../../../shared/assert.ts'
import type { Template } from '../../../../shared/model/bus.ts'
import { until } from '../../scheduler/until.fixture.ts'
import { compileMatcher, type TuplePredicate } from '../matcher.ts'
import { sealTuple } from '../seal-tuple.ts'
import { TupleClock } from '../tuple-clock.ts'
import { TupleSpace } from '../tuple-space.ts'
import { behavesLikeAList } from './random-operations.conformance.ts'
import type { Taken, TupleStore } from './tuple-store.ts'

/** One store of a kind, empty; `again` opens the same tuples once more, as another process would. Null where it cannot. */
export interface StoreUnderTest extends AsyncDisposable {
  readonly store: TupleStore
  readonly again: (() => Promise<TupleStore>) | null
}

const clock = new TupleClock()
const tuple = (fields: Record<string, never | string | number | null | object>) => sealTuple(fields, clock)
const wanted = (template: Template | TuplePredicate) => compileMatcher(template)
const numberOf = (taken: Taken | null) => taken?.tuple.n

/** What every store must do. */
export function storeConformance(name: string, make: (maxTuples?: number) => Promise<StoreUnderTest>): void {
  describe(`the ${name} store`, () => {
    it('gives back what it was given, to the last digit', async () => {
      await using test = await make()
      const given = tuple({ lane: 'a', big: 12345678901234567890n as never, deep: [{ é: '漢', none: null }], x: 0.1 })
      expect(await test.store.put(given)).toBe(true)
      const taken = assertDefined(await test.store.take(wanted({}), null), 'it was put')
      expect(taken.tuple).toEqual(given)
      expect(Object.keys(taken.tuple)).toEqual(Object.keys(given))
      expect(Object.isFrozen(taken.tuple) && Object.isFrozen(taken.tuple.deep)).toBe(true)
      expect(await test.store.take(wanted({}), null)).toBeNull()
    })

    it('skips an id that is there already, and takes it again once it is gone', async () => {
      await using test = await make()
      const first = tuple({ id: 'same', n: 1 })
      expect(await test.store.put(first)).toBe(true)
      expect(await test.store.put(tuple({ id: 'same', n: 2 }))).toBe(false)
      expect(numberOf(await test.store.take(wanted({ id: 'same' }), null))).toBe(1)
      expect(await test.store.put(first)).toBe(true)
    })

    it('finds by lane, yool, both, id, other fields and predicates, oldest first', async () => {
      await using test = await make()
      const lanes = ['a', 'b', 'a', undefined, 'b']
      const yools = ['x', 'x', 'y', 'y', undefined]
      for (const [n, lane] of lanes.entries()) {
        const yool = yools[n]
        await test.store.put(
          tuple({ n, ...(lane === undefined ? {} : { lane }), ...(yool === undefined ? {} : { yool }) }),
        )
      }
      const found = async (template: Template | TuplePredicate) => (await test.store.read(wanted(template)))?.n
      expect(await found({})).toBe(0)
      expect(await found({ lane: 'b' })).toBe(1)
      expect(await found({ yool: 'y' })).toBe(2)
      expect(await found({ lane: 'a', yool: 'y' })).toBe(2)
      expect(await found({ n: 3 })).toBe(3)
      expect(await found({ lane: 'b', n: 4 })).toBe(4)
      expect(await found(({ n }) => n === 4)).toBe(4)
      expect(await found({ lane: null })).toBeUndefined()
      expect(await found({ lane: 'a', yool: 'z' })).toBeUndefined()
      expect((await test.store.list(wanted({ lane: 'a' }), 1, 10)).tuples.map((entry) => entry.tuple.n)).toEqual([2])
      expect((await test.store.list(wanted({ yool: 'x' }), 0, 1)).matched).toBe(2)
    })

    it('keeps text with special characters in lanes apart', async () => {
      await using test = await make()
      await test.store.put(tuple({ lane: 'a:b', yool: 'c', n: 1 }))
      await test.store.put(tuple({ lane: 'a', yool: 'b:c', n: 2 }))
      await test.store.put(tuple({ lane: '', yool: 'é', n: 3 }))
      expect(numberOf(await test.store.take(wanted({ lane: 'a', yool: 'b:c' }), null))).toBe(2)
      expect(numberOf(await test.store.take(wanted({ lane: '', yool: 'é' }), null))).toBe(3)
      expect(numberOf(await test.store.take(wanted({ lane: 'a:b', yool: 'c' }), null))).toBe(1)
    })

    it('lends for a time: acknowledged is gone, given back is in its old place, and counted', async () => {
      await using test = await make()
      for (const n of [1, 2, 3]) await test.store.put(tuple({ lane: 'a', n }))
      const first = assertDefined(await test.store.take(wanted({ lane: 'a' }), 60_000), 'three are there')
      const lease = assertDefined(first.lease, 'it was lent')
      expect(first).toMatchObject({ tuple: { n: 1 }, deliveries: 1 })
      expect((await test.store.read(wanted({ lane: 'a' })))?.n).toBe(2)
      expect(await test.store.read(wanted({ id: first.tuple.id }))).toBeNull()
      expect(await test.store.lanes()).toEqual([{ lane: 'a', waiting: 2, leased: 1 }])
      expect(await test.store.renew(lease, 60_000)).toBe(true)
      expect(await test.store.giveBack(lease)).toBe(true)
      expect(await test.store.giveBack(lease)).toBe(false)
      const again = assertDefined(await test.store.take(wanted({ lane: 'a' }), 60_000), 'it is back')
      expect(again).toMatchObject({ tuple: { n: 1 }, deliveries: 2 })
      expect(await test.store.acknowledge(lease)).toBe(false)
      expect(await test.store.acknowledge(assertDefined(again.lease, 'lent'))).toBe(true)
      expect(numberOf(await test.store.take(wanted({ lane: 'a' }), null))).toBe(2)
    })

    it('replaces what is lent in one step, also while it is full, and not once it is lent to another', async () => {
      await using test = await make(2)
      for (const n of [1, 2]) await test.store.put(tuple({ lane: 'a', n }))
      const lent = assertDefined((await test.store.take(wanted({ lane: 'a' }), 60_000))?.lease, 'lent')
      expect(await test.store.replace(lent, tuple({ lane: 'b', yool: 'x', n: 3 }))).toBe(true)
      expect(numberOf(await test.store.take(wanted({ lane: 'b', yool: 'x' }), 60_000))).toBe(3)
      expect((await test.store.list(wanted({}), 0, 10)).tuples.map((entry) => entry.tuple.n)).toEqual([2, 3])
      const other = assertDefined((await test.store.take(wanted({ n: 2 }), 60_000))?.lease, 'lent')
      expect(await test.store.giveBack(other)).toBe(true)
      expect(await test.store.replace(other, tuple({ lane: 'b', n: 4 }))).toBe(false)
      expect((await test.store.lanes()).map(({ lane }) => lane).sort()).toEqual(['a', 'b'])
    })

    it('counts what waits and what is lent in each lane, whatever became of the tuples', async () => {
      await using test = await make()
      const counts = async () => (await test.store.lanes()).map(({ lane, waiting, leased }) => [lane, waiting, leased])
      for (const n of [1, 2, 3]) await test.store.put(tuple({ lane: 'a', n }))
      await test.store.put(tuple({ n: 4 }))
      const lease = assertDefined((await test.store.take(wanted({ lane: 'a' }), 60_000))?.lease, 'lent')
      expect(await counts()).toEqual([
        ['a', 2, 1],
        [null, 1, 0],
      ])
      await test.store.acknowledge(lease)
      await test.store.take(wanted({ n: 4 }), null)
      await test.store.discard('a', 1)
      expect(await counts()).toEqual([['a', 1, 0]])
    })

    it('takes back what nobody acknowledged in time', async () => {
      await using test = await make()
      await test.store.put(tuple({ n: 1 }))
      const taken = assertDefined(await test.store.take(wanted({}), 1), 'it is there')
      let back = 0
      await until('the time is over', async () => {
        back += await test.store.expire()
        return back === 1
      })
      expect(await test.store.acknowledge(assertDefined(taken.lease, 'lent'))).toBe(false)
      expect(await test.store.take(wanted({}), null)).toMatchObject({ deliveries: 2 })
    })

    it('discards what waits in a lane, and nothing else', async () => {
      await using test = await make()
      for (const n of [1, 2, 3]) await test.store.put(tuple({ lane: 'a', n }))
      await test.store.put(tuple({ lane: 'b', n: 4 }))
      const lent = assertDefined(await test.store.take(wanted({ lane: 'a' }), 60_000), 'lent')
      expect(await test.store.discard('a', 0)).toBe(2)
      expect(await test.store.giveBack(assertDefined(lent.lease, 'lent'))).toBe(true)
      expect((await test.store.list(wanted({}), 0, 10)).tuples.map((entry) => entry.tuple.n)).toEqual([1, 4])
    })

    it('keeps the newest of a lane when it is told to, and discards the older ones', async () => {
      await using test = await make()
      for (const n of [1, 2, 3, 4]) await test.store.put(tuple({ lane: 'a', n }))
      await test.store.put(tuple({ lane: 'b', n: 5 }))
      expect(await test.store.discard('a', 4)).toBe(0)
      expect(await test.store.discard('a', 1)).toBe(3)
      expect((await test.store.list(wanted({}), 0, 10)).tuples.map((entry) => entry.tuple.n)).toEqual([4, 5])
    })

    it('refuses more tuples than it may hold, lent ones counted, and goes on once some are gone', async () => {
      await using test = await make(2)
      const first = tuple({ n: 1 })
      for (const one of [first, tuple({ n: 2 })]) expect(await test.store.put(one)).toBe(true)
      const lent = assertDefined(await test.store.take(wanted({ n: 2 }), 60_000), 'lent')
      const third = tuple({ n: 3 })
      await expect((async () => test.store.put(third))()).rejects.toMatchObject({
        kind: 'overloaded',
        message: expect.stringContaining('it holds 2 tuples'),
      })
      expect(await test.store.put(first)).toBe(false)
      expect(await test.store.acknowledge(assertDefined(lent.lease, 'lent'))).toBe(true)
      expect(await test.store.put(third)).toBe(true)
      expect((await test.store.list(wanted({}), 0, 10)).tuples.map((entry) => entry.tuple.n)).toEqual([1, 3])
    })

    it('gives what a dead process had lent to the next that asks once, when its time is over', async () => {
      await using test = await make()
      if (test.again === null) return
      const dead = await test.again()
      await test.store.put(tuple({ n: 1 }))
      expect(await dead.take(wanted({}), 1)).toMatchObject({ deliveries: 1 })
      await dead.close()
      await until('its time is over', async () => (await test.store.take(wanted({}), null))?.deliveries === 2)
    })

    it('does what a plain list would do, whatever is asked of it', async () => {
      await using test = await make()
      await behavesLikeAList(test.store, 12)
    })

    it('passes on what a predicate throws, and is none the worse for it', async () => {
      await using test = await make()
      await test.store.put(tuple({ n: 1 }))
      const faulty = wanted(() => {
        throw new RangeError('in the predicate')
      })
      await expect((async () => test.store.take(faulty, null))()).rejects.toThrow('in the predicate')
      expect(numberOf(await test.store.take(wanted({}), null))).toBe(1)
    })

    it('serves waiters first come first served', async () => {
      await using test = await make()
      const space = new TupleSpace({ store: test.store })
      const order: unknown[] = []
      const waiting = [1, 2, 3].map((who) => space.in({ lane: 'a' }).then((got) => order.push([who, got?.n])))
      for (const n of [1, 2, 3]) await space.out({ lane: 'a', n })
      await Promise.all(waiting)
      expect(order).toEqual([
        [1, 1],
        [2, 2],
        [3, 3],
      ])
    })

    it('wakes those who wait in another process, and gives each tuple to one of them', async () => {
      await using test = await make()
      if (test.again === null) return
      const here = new TupleSpace({ store: test.store })
      const there = new TupleSpace({ store: await test.again() })
      const taking = [here, there, here, there].map((space) => space.in({ lane: 'a' }))
      for (const n of [0, 1, 2, 3]) await (n % 2 === 0 ? here : there).out({ lane: 'a', n })
      const numbers = (await Promise.all(taking)).map((got) => got?.n as number)
      expect(numbers.sort((a, b) => a - b)).toEqual([0, 1, 2, 3])
      await there.close()
    })
  })
}
