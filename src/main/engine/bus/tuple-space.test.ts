import { describe, expect, it, vi } from 'vitest'
import { assertDefined } from '../../../shared/assert.ts'
import { until } from '../scheduler/until.fixture.ts'
import { tupleLimits } from './seal-tuple.ts'
import { MemoryStore } from './stores/memory-store.ts'
import type { TupleStore } from './stores/tuple-store.ts'
import { TupleClock } from './tuple-clock.ts'
import { TupleSpace } from './tuple-space.ts'

const makeSpace = (options = {}) => new TupleSpace({ store: new MemoryStore(), ...options })

describe('out', () => {
  it('gives equal work put twice two ids, and the same content at the same time one', async () => {
    const space = makeSpace({ clock: new TupleClock(() => 1e15) })
    const first = await space.out({ lane: 'a', n: 1 })
    const second = await space.out({ lane: 'a', n: 1 })
    expect(first).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(second).not.toBe(first)
    const stamped = { lane: 'a', created_at: '2026-05-19T17:30:00+00:00' }
    expect(await space.out(stamped)).toBe(await space.out(stamped))
    expect((await space.all()).map((tuple) => tuple.created_at)).toEqual([
      '2001-09-09T01:46:40+00:00',
      '2001-09-09T01:46:40.000001+00:00',
      '2026-05-19T17:30:00+00:00',
    ])
  })

  it('keeps a copy that nobody can change', async () => {
    const space = makeSpace()
    const given = { lane: 'a', list: [1], deep: [{ inner: { n: 1 } }] }
    await space.out(given)
    given.list.push(2)
    const read = assertDefined(await space.rdp({}), 'it is there')
    expect(read.list).toEqual([1])
    expect(() => (read.list as number[]).push(3)).toThrow(TypeError)
    const [{ inner }] = read.deep as unknown as [{ inner: { n: number } }]
    expect(() => {
      inner.n = 2
    }).toThrow(TypeError)
  })

  it('refuses what it cannot keep, says where it is, and keeps nothing of it', async () => {
    const space = makeSpace({ limits: { ...tupleLimits, characters: 200 } })
    const cyclic: { inner?: object } = {}
    cyclic.inner = { again: cyclic }
    await expect(space.out(cyclic as never)).rejects.toMatchObject({
      kind: 'bad-request',
      message: 'tuple.inner.again is part of a cycle',
    })
    await expect(space.out({ text: 'x'.repeat(300) })).rejects.toMatchObject({ kind: 'too-large' })
    await expect(space.out({ n: [Number.NaN] })).rejects.toThrow('tuple.n.0 is NaN')
    await expect(space.out({ run: (() => 1) as never })).rejects.toThrow('tuple.run is a function')
    await expect(space.out({ map: new Map() as never })).rejects.toThrow('tuple.map is a Map')
    await expect(space.out({ half: '\ud800' })).rejects.toThrow('surrogate')
    await expect(space.out({ '\ud800': 1 })).rejects.toThrow('surrogate')
    await expect(space.out({ list: new Array(2) as never })).rejects.toThrow('tuple.list.0 is a undefined')
    await expect(space.out({ id: 7 as never })).rejects.toThrow('id of a tuple is a text')
    await expect(space.out([] as never)).rejects.toThrow('a tuple is an object')
    expect(await space.all()).toEqual([])
  })
})

/** A store that others share; the test lets its answers to takes go, in any order. */
function lateStore() {
  const memory = new MemoryStore()
  const answers: (() => void)[] = []
  const take: TupleStore['take'] = (matcher, leaseMs) =>
    new Promise((resolve) => {
      answers.push(() => resolve(memory.take(matcher, leaseMs)))
    })
  const store = new Proxy<TupleStore>(memory, {
    get(_target, key) {
      if (key === 'shared') return true
      if (key === 'take') return take
      const member: unknown = Reflect.get(memory, key)
      return typeof member === 'function' ? member.bind(memory) : member
    },
  })
  return { store, answers }
}

describe('waiting', () => {
  it('is served in order of arrival, also where the answers of the store overtake each other', async () => {
    const { store, answers } = lateStore()
    const space = makeSpace({ store })
    const waiting = [1, 2, 3].map((who) => space.in({ lane: 'a' }).then((got) => [who, got?.n]))
    for (const n of [1, 2, 3]) await space.out({ lane: 'a', n })
    for (const letGo of answers.reverse()) letGo()
    expect(await Promise.all(waiting)).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ])
  })

  it('has one rule: nothing or null waits for ever, 0 looks once, a time waits so long', async () => {
    const space = makeSpace()
    expect(await space.inp({ lane: 'a' })).toBeNull()
    expect(await space.in({ lane: 'a' }, { timeoutMs: 0 })).toBeNull()
    expect(await space.in({ lane: 'a' }, { timeoutMs: 5 })).toBeNull()
    expect(await space.rd({ lane: 'a' }, { timeoutMs: 5 })).toBeNull()
    const forEver = [space.in({ lane: 'a' }), space.rd({ lane: 'b' }, { timeoutMs: null })]
    expect(space.waiters).toBe(2)
    await space.out({ lane: 'a', n: 1 })
    await space.out({ lane: 'b', n: 2 })
    expect((await Promise.all(forEver)).map((tuple) => tuple?.n)).toEqual([1, 2])
    expect(space.waiters).toBe(0)
  })

  it('ends by a signal, and leaves nothing behind', async () => {
    const space = makeSpace()
    const controller = new AbortController()
    const waiting = space.in({ lane: 'a' }, { signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    await expect(space.in({}, { signal: controller.signal })).rejects.toThrow('enough')
    await space.out({ lane: 'a' })
    expect(await space.inp({ lane: 'a' })).not.toBeNull()
    expect(space.waiters).toBe(0)
  })

  it('serves the first that wants it, whatever it named; readers get it whoever takes it', async () => {
    const space = makeSpace()
    const got: string[] = []
    const note = (who: string) => (tuple: unknown) => got.push(tuple === null ? `${who} nothing` : who)
    const waits = [
      space.in({ lane: 'b' }).then(note('other lane')),
      space.in({ yool: 'x' }).then(note('by yool')),
      space.in(({ n }) => n === 2).then(note('predicate')),
      space.in({ lane: 'a', yool: 'x' }).then(note('both')),
      space.in({}).then(note('any')),
      space.rd({ lane: 'a' }).then(note('reader')),
    ]
    for (const n of [1, 2, 3, 4]) await space.out({ lane: 'a', yool: 'x', n })
    await space.out({ lane: 'b' })
    await Promise.all(waits)
    expect(got.filter((who) => who !== 'reader')).toEqual(['by yool', 'predicate', 'both', 'any', 'other lane'])
    expect(got).toContain('reader')
  })

  it('costs one look into the store for each arrival, however many wait', async () => {
    const store = new MemoryStore()
    const space = makeSpace({ store })
    const waiting = Array.from({ length: 64 }, () => space.in({ lane: 'a' }))
    const others = Array.from({ length: 64 }, () => space.in({ lane: 'b' }, { timeoutMs: 600_000 }))
    expect(space.waiters).toBe(128)
    const looks = [vi.spyOn(store, 'take'), vi.spyOn(store, 'read')]
    for (let n = 0; n < 64; n++) await space.out({ lane: 'a', n })
    expect((await Promise.all(waiting)).map((tuple) => tuple?.n)).toEqual(Array.from({ length: 64 }, (_, n) => n))
    expect(looks.reduce((sum, { mock }) => sum + mock.calls.length, 0)).toBeLessThanOrEqual(64)
    for (let n = 0; n < 64; n++) await space.out({ lane: 'b', n })
    await Promise.all(others)
  })

  it('charges a predicate that throws to its owner, not to whoever puts', async () => {
    const space = makeSpace()
    const faulty = space.in(() => {
      throw new RangeError('mine')
    })
    const heard = expect(faulty).rejects.toThrow('mine')
    await space.out({ lane: 'a', n: 1 })
    await heard
    expect(await space.inp({ lane: 'a' })).toMatchObject({ n: 1 })
  })

  it('refuses more waiters than it may have, and tells all of them when it closes', async () => {
    const space = makeSpace({ waitersMax: 1 })
    const waiting = space.in({})
    await expect(space.rd({})).rejects.toMatchObject({ kind: 'overloaded' })
    const told = expect(waiting).rejects.toMatchObject({ kind: 'stopped' })
    await space.close()
    await told
    await expect(space.out({})).rejects.toMatchObject({ kind: 'stopped' })
  })
})

describe('a lent tuple', () => {
  it('goes to the next waiter when it is given back or its time is over', async () => {
    const space = makeSpace()
    await space.out({ lane: 'a', n: 1 })
    const first = assertDefined(await space.lend({ lane: 'a' }), 'it is there')
    const second = space.lend({ lane: 'a' }, { leaseMs: 20 })
    expect(await first.giveBack()).toBe(true)
    const lent = assertDefined(await second, 'it came back')
    expect(lent.deliveries).toBe(2)
    expect(await space.in({ lane: 'a' })).toMatchObject({ n: 1 })
    expect(await lent.acknowledge()).toBe(false)
  })

  it('comes back to whoever waits when it is acknowledged the moment after its lease has ended', async () => {
    const space = makeSpace()
    const id = await space.out({ lane: 'a' })
    const lent = assertDefined(await space.lend({ lane: 'a' }, { leaseMs: 5 }), 'it is there')
    const other = space.in({ lane: 'a' })
    // No timer can fire meanwhile.
    for (const over = performance.now() + 6; performance.now() < over; );
    expect(await lent.acknowledge()).toBe(false)
    expect((await other)?.id).toBe(id)
  })

  it('comes back once the store answers again that was away when its lease ended', async () => {
    const store = new MemoryStore()
    let away = 2
    const space = makeSpace({
      store: Object.assign(store, {
        expire: () =>
          away-- > 0 ? Promise.reject(new Error('the store is away')) : MemoryStore.prototype.expire.call(store),
      }),
    })
    const id = await space.out({ lane: 'a' })
    await space.lend({ lane: 'a' }, { leaseMs: 1 })
    expect((await space.in({ lane: 'a' }))?.id).toBe(id)
    expect(away).toBeLessThan(0)
  })

  it('can be kept longer, and is gone once acknowledged', async () => {
    const space = makeSpace()
    await space.out({ n: 1 })
    const lent = assertDefined(await space.lend({}, { leaseMs: 60_000 }), 'it is there')
    expect(await lent.renew(120_000)).toBe(true)
    expect(await lent.acknowledge()).toBe(true)
    expect(await lent.giveBack()).toBe(false)
    expect(await space.all()).toEqual([])
    await expect(space.lend({}, { leaseMs: 0 })).rejects.toThrow('leaseMs')
  })
})

describe('eval', () => {
  it('puts what the work gives; when it fails, an error tuple for whoever waits', async () => {
    const space = makeSpace()
    const waiting = space.in({ lane: 'results', job: 1 })
    expect(await space.eval({ lane: 'results', job: 1 }, () => ({ answer: 42 }))).toEqual({ answer: 42 })
    expect(await waiting).toMatchObject({ answer: 42 })
    const failing = space.eval({ lane: 'results', job: 2 }, () => Promise.reject(new RangeError('no')))
    await expect(failing).rejects.toThrow('no')
    expect(await space.in({ lane: 'results', job: 2 })).toMatchObject({ error: { message: 'no' } })
  })

  it('lets work that waits for other work begin however much there is', async () => {
    const space = makeSpace()
    const chain = Array.from({ length: 50 }, (_, n) =>
      space.eval({ lane: 'done', n }, async () => ({ from: (await space.in({ lane: 'start', n }))?.n ?? null })),
    )
    for (let n = 49; n >= 0; n--) await space.out({ lane: 'start', n })
    await Promise.all(chain)
    expect((await space.all()).length).toBe(50)
  })
})

describe('a lane with many others around', () => {
  it('is emptied in order, and forgotten names leave nothing', async () => {
    const space = makeSpace()
    for (let n = 0; n < 5000; n++) await space.out({ lane: `lane ${n}`, yool: `yool ${n}` })
    for (let n = 0; n < 5000; n++) expect(await space.inp({ lane: `lane ${n}`, yool: `yool ${n}` })).not.toBeNull()
    for (let n = 0; n < 3000; n++) await space.out({ lane: 'one', n })
    for (let n = 0; n < 3000; n++) expect((await space.inp({ lane: 'one' }))?.n).toBe(n)
    await until('nothing is left', async () => (await space.all()).length === 0)
  })
})
