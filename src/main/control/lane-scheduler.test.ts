import { afterAll, beforeAll, expect, test } from 'vitest'
import { Bus } from '../engine/bus/bus.ts'
import { readLane } from '../engine/bus/lanes/lane-definition.ts'
import { MemoryStore } from '../engine/bus/stores/memory-store.ts'
import { ContextServices } from '../engine/scheduler/context-services.ts'
import { TestScheduler } from '../engine/scheduler/scheduler.fixture.ts'
import { until } from '../engine/scheduler/until.fixture.ts'
import { laneScheduler } from './lane-scheduler.ts'

/** Lanes over real tokens. */

const moduleUrl = new URL('../engine/bus/kernel/kernel-operations.fixture.ts', import.meta.url).href
let scheduler: TestScheduler
let bus: Bus

beforeAll(async () => {
  const services = new ContextServices()
  const operations = ['slow', 'quick', 'sum'].map((operationType) => ({ operationType, tags: {}, moduleUrl }))
  scheduler = await TestScheduler.create({ operations, services })
  bus = new Bus(new MemoryStore(), laneScheduler(scheduler.scheduler, false))
  services.offer('bus', bus.service)
})
afterAll(async () => {
  await scheduler[Symbol.asyncDispose]()
  await bus.close()
})

test('the token that another has overtaken is killed', async () => {
  bus.lanes.set(readLane({ lane: 'race', operation: 'slow', speculateMs: 0, speculateWith: 'quick' }))
  await bus.space.out({ lane: 'race', idempotent: true })
  const note = await bus.space.in({ lane: 'audit', from_lane: 'race' })
  expect(note).toMatchObject({ status: 'ok', speculated: true })
  await until('the slow one is killed', async () => {
    const { matched } = await scheduler.scheduler.query(
      { states: ['KILLED'] },
      { by: 'sequence', direction: 'ascending' } as const,
      0,
      1,
    )
    return matched === 1
  })
})

test('tuples of a batch are the argument of one token', async () => {
  for (let n = 1; n <= 6; n++) await bus.space.out({ lane: 'numbers', n })
  bus.lanes.set(readLane({ lane: 'numbers', operation: 'sum', batch: 3, concurrency: 1 }))
  const sums = [await bus.space.in({ lane: 'sums' }), await bus.space.in({ lane: 'sums' })]
  expect(sums.map((tuple) => tuple?.sum)).toEqual([6, 15])
})
