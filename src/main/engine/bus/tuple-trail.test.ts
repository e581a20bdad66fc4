import { expect, it } from 'vitest'
import { until } from '../scheduler/until.fixture.ts'
import { Bus } from './bus.ts'
import { laneDefinition } from './lanes/lane-definition.ts'
import type { LaneScheduler } from './lanes/lane-execution.ts'
import { MemoryStore } from './stores/memory-store.ts'

it('a tuple leads to every token that was made of it, and each of them back to it', async () => {
  let runs = 0
  const scheduler: LaneScheduler = {
    canRun: () => true,
    run: async (operation, _argument, accepted) => {
      accepted(`${operation}_1_${++runs}`)
      return { state: runs === 1 ? 'FAILED' : 'COMPLETED', value: null, error: null }
    },
  }
  const bus = new Bus(new MemoryStore(), scheduler)
  bus.lanes.set(laneDefinition.parse({ lane: 'work', operation: 'image.resize', backoffMs: 0 }))
  const id = await bus.space.out({ lane: 'work', yool: 'agent.resize' }, { by: 'program python' })
  await until('both attempts are over', async () => (await bus.space.list({ lane: 'audit' }, 0, 10)).matched === 2)
  expect(bus.trail.tokensOf(id)).toEqual(['image.resize_1_1', 'image.resize_1_2'])
  expect(bus.trail.takenBy('image.resize_1_2')).toEqual([{ id, lane: 'work', yool: 'agent.resize' }])
  expect(bus.activity.matches(10).map(({ token }) => token)).toEqual(['image.resize_1_2', 'image.resize_1_1'])
  expect(bus.activity.producerOf(id)).toBe('program python')
  await bus.close()
})

it('a token leads to what it has put and taken by itself; programs and lanes are no tokens', async () => {
  const bus = new Bus(new MemoryStore(), {
    canRun: () => false,
    run: () => Promise.reject(new Error('no lane is worked')),
  })
  const id = await bus.space.out({ lane: 'parts' }, { by: 'demo.produce_1_7' })
  await bus.space.out({ lane: 'parts' }, { by: 'program' })
  await bus.space.in({ id }, { by: 'demo.collect_1_8' })
  await bus.space.in({ lane: 'parts' }, { by: 'lane parts' })
  expect(bus.trail.putBy('demo.produce_1_7')).toEqual([{ id, lane: 'parts', yool: null }])
  expect(bus.trail.takenBy('demo.collect_1_8')).toEqual([{ id, lane: 'parts', yool: null }])
  expect(bus.trail.tokensOf(id)).toEqual(['demo.collect_1_8'])
  expect(bus.trail.putBy('program')).toEqual([])
  await bus.close()
})
