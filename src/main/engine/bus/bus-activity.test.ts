import { expect, it } from 'vitest'
import { BusActivity } from './bus-activity.ts'
import { MemoryStore } from './stores/memory-store.ts'
import { TupleSpace } from './tuple-space.ts'

it('what passes through the bus is told with who put and who took it, also when it was handed over at once', async () => {
  const activity = new BusActivity()
  const space = new TupleSpace({ store: new MemoryStore(), observer: activity })
  const kinds: string[] = []
  activity.subscribe((event) => kinds.push(event.kind))
  const waiting = space.in({ lane: 'a' }, { by: 'taker' })
  await space.out({ lane: 'a', yool: 'x' }, { by: 'producer' })
  await waiting
  await space.out({ lane: 'a' }, { by: 'producer' })
  await space.in({ lane: 'a' })
  expect(activity.matches(10)).toMatchObject([
    { from: 'producer', to: '', waitedMs: 0 },
    { from: 'producer', to: 'taker', lane: 'a', yool: 'x' },
  ])
  expect(activity.rates()).toMatchObject([{ lane: 'a', put: 2, taken: 2 }])
  expect(kinds.sort()).toEqual(['in', 'in', 'out', 'out'])
})

it('keeps the newest matches and lanes only', async () => {
  const activity = new BusActivity()
  for (let n = 0; n < 3000; n += 1) {
    const tuple = { id: `t-${n}`, lane: `lane ${n}`, created_at: '' }
    activity.offered(tuple, 'producer')
    activity.put(tuple, 'producer')
    activity.taken(tuple, 'taker', 0)
  }
  const matches = activity.matches(10_000)
  expect([matches.length, matches[0]?.id, matches.at(-1)?.id]).toEqual([500, 't-2999', 't-2500'])
  const lanes = activity.rates().map(({ lane }) => lane)
  expect([lanes.length, lanes[0]]).toEqual([2000, 'lane 1000'])
})
