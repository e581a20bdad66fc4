import fc from 'fast-check'
import { expect } from 'vitest'
import type { Template, Tuple } from '../../../../shared/model/bus.ts'
import { compileMatcher, matches } from '../matcher.ts'
import { sealTuple } from '../seal-tuple.ts'
import { TupleClock } from '../tuple-clock.ts'
import type { Lease, TupleStore } from './tuple-store.ts'

const clock = new TupleClock()
const name = fc.constantFrom('a', 'b', 'é:')
const template: fc.Arbitrary<Template> = fc
  .record(
    { lane: name, yool: name, n: fc.integer({ min: 0, max: 3 }), id: fc.constantFrom('id 0', 'id 1') },
    { requiredKeys: [], noNullPrototype: true },
  )
  .map((fields) => fields as Template)
const which = fc.nat(5)
const step = fc.oneof(
  { arbitrary: fc.record({ do: fc.constant('put' as const), fields: template }), weight: 4 },
  { arbitrary: fc.record({ do: fc.constantFrom('take', 'lend', 'read', 'list'), wanted: template }), weight: 4 },
  fc.record({ do: fc.constantFrom('acknowledge', 'giveBack', 'giveBackUnused', 'renew'), which }),
  fc.record({ do: fc.constant('discard' as const), lane: name, keep: fc.nat(2) }),
)

interface Entry {
  readonly tuple: Tuple
  lent: boolean
  deliveries: number
}

/** The same as a store, on a plain list that is looked through from its begin. */
class PlainList {
  readonly entries: Entry[] = []
  readonly leases: { readonly entry: Entry; readonly lease: Lease }[] = []

  free(wanted: Template): Entry[] {
    return this.entries.filter(({ tuple, lent }) => !lent && matches(compileMatcher(wanted), tuple))
  }

  remove(entry: Entry): void {
    this.entries.splice(this.entries.indexOf(entry), 1)
  }
}

/** Does whatever it is told to a store and to a plain list, and compares what both say. The store is empty before and after. */
export async function behavesLikeAList(store: TupleStore, runs: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
      const list = new PlainList()
      for (const one of steps) {
        if (one.do === 'put') await put(store, list, one.fields)
        else if (one.do === 'discard') await discard(store, list, one.lane, one.keep)
        else if ('which' in one) await endLease(store, list, one.do, one.which)
        else await ask(store, list, one.do, one.wanted)
      }
      await compareAll(store, list)
      for (const { lease } of list.leases) await store.acknowledge(lease)
      while ((await store.take(compileMatcher({}), null)) !== null);
    }),
    { numRuns: runs },
  )
}

async function put(store: TupleStore, list: PlainList, fields: Template): Promise<void> {
  const tuple = sealTuple(fields, clock)
  const isNew = list.entries.every((entry) => entry.tuple.id !== tuple.id)
  expect(await store.put(tuple)).toBe(isNew)
  if (isNew) list.entries.push({ tuple, lent: false, deliveries: 0 })
}

async function ask(store: TupleStore, list: PlainList, what: string, wanted: Template): Promise<void> {
  const [first] = list.free(wanted)
  if (what === 'read') expect(await store.read(compileMatcher(wanted))).toEqual(first?.tuple ?? null)
  else if (what === 'list') {
    const all = list.entries.filter(({ tuple }) => matches(compileMatcher(wanted), tuple))
    const { tuples, matched } = await store.list(compileMatcher(wanted), 1, 2)
    expect([matched, tuples]).toEqual([
      all.length,
      all.slice(1, 3).map(({ lent, ...rest }) => ({ ...rest, leased: lent })),
    ])
  } else {
    const taken = await store.take(compileMatcher(wanted), what === 'lend' ? 600_000 : null)
    expect(taken?.tuple).toEqual(first?.tuple)
    if (first === undefined || taken === null) return
    first.deliveries += 1
    expect(taken.deliveries).toBe(first.deliveries)
    if (what === 'take') return list.remove(first)
    first.lent = true
    if (taken.lease !== null) list.leases.push({ entry: first, lease: taken.lease })
  }
}

async function endLease(store: TupleStore, list: PlainList, what: string, which: number): Promise<void> {
  const held = list.leases[which]
  if (held === undefined) return
  if (what === 'renew') {
    expect(await store.renew(held.lease, 600_000)).toBe(true)
    return
  }
  list.leases.splice(which, 1)
  if (what === 'acknowledge') {
    expect(await store.acknowledge(held.lease)).toBe(true)
    list.remove(held.entry)
  } else {
    const unused = what === 'giveBackUnused'
    expect(await store.giveBack(held.lease, unused)).toBe(true)
    held.entry.lent = false
    if (unused) held.entry.deliveries -= 1
  }
  expect(await store.giveBack(held.lease)).toBe(false)
}

async function discard(store: TupleStore, list: PlainList, lane: string, keep: number): Promise<void> {
  const free = list.free({ lane })
  const going = free.slice(0, Math.max(0, free.length - keep))
  expect(await store.discard(lane, keep)).toBe(going.length)
  for (const entry of going) list.remove(entry)
}

async function compareAll(store: TupleStore, list: PlainList): Promise<void> {
  const { tuples } = await store.list(compileMatcher({}), 0, 1000)
  expect(tuples).toEqual(list.entries.map(({ lent, ...rest }) => ({ ...rest, leased: lent })))
  const counts = new Map<string | null, { lane: string | null; waiting: number; leased: number }>()
  for (const { tuple, lent } of list.entries) {
    const lane = tuple.lane === undefined ? null : String(tuple.lane)
    const count = counts.get(lane) ?? { lane, waiting: 0, leased: 0 }
    if (lent) count.leased += 1
    else count.waiting += 1
    counts.set(lane, count)
  }
  const byLane = (one: { lane: string | null }, other: { lane: string | null }) =>
    String(one.lane) < String(other.lane) ? -1 : 1
  expect([...(await store.lanes())].sort(byLane)).toEqual([...counts.values()].sort(byLane))
}
