import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ContextServices } from '../../scheduler/context-services.ts'
import { TestScheduler } from '../../scheduler/scheduler.fixture.ts'
import { Bus } from '../bus.ts'
import { MemoryStore } from '../stores/memory-store.ts'

const moduleUrl = new URL('./kernel-operations.fixture.ts', import.meta.url).href

const bus = new Bus(new MemoryStore(), {
  canRun: () => false,
  run: () => Promise.reject(new Error('no lane is worked here')),
})
let test: TestScheduler

// One for all: starting its workers takes longer than everything that is asked of them.
beforeAll(async () => {
  const services = new ContextServices()
  services.offer('kernel', bus.kernelService)
  const operations = ['plan', 'refused', 'guarded'].map((operationType) => ({ operationType, tags: {}, moduleUrl }))
  test = await TestScheduler.create({ operations, services })
})
afterAll(() => test[Symbol.asyncDispose]())

describe('context().kernel', () => {
  it('spawns, counts and finds agents from within an operation', async () => {
    expect(await test.submit('plan', 20, 32).outcome).toEqual([[], Array(20).fill(31)])
    expect(await bus.space.list({ lane: 'dev' }, 0, 0)).toMatchObject({ matched: 2 })
  })

  it('lets one token of many answer the equal calls of all', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => test.submit('guarded', 'same').outcome))
    expect(new Set(answers.map((answer) => (answer as { by: string }).by)).size).toBe(1)
    const { hits, shared } = bus.guards.answers.report()
    expect(hits + shared).toBe(5)
  })

  it('refuses what makes no agent and says why', async () => {
    const wrong: [object, string][] = [
      [{}, 'yool'],
      [{ yool: 'a.b.c', data: [1] }, 'data'],
      [{ yool: 'a.b.c', nonsense: 1 }, 'nonsense'],
      [{ yool: 'a.b.c', parent: 'nobody' }, 'no agent "nobody"'],
      [{ yool: 'a.b.c', wall: 'unknown' }, 'does not let a.b.c through'],
    ]
    for (const [request, message] of wrong) {
      await expect(test.submit('refused', request).outcome).rejects.toThrow(message)
    }
  })
})
