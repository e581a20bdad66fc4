import { describe, expect, it } from 'vitest'
import { ContextServices } from '../scheduler/context-services.ts'
import { TestScheduler } from '../scheduler/scheduler.fixture.ts'
import { until } from '../scheduler/until.fixture.ts'
import { BusService } from './bus-service.ts'
import { MemoryStore } from './stores/memory-store.ts'
import { TupleSpace } from './tuple-space.ts'

const moduleUrl = new URL('./bus-operations.fixture.ts', import.meta.url).href
const operationTypes = [
  'produce',
  'consume',
  'take.and.fail',
  'take.and.hang',
  'take.and.give.back',
  'take.acknowledge.fail',
]

async function start(options = {}, store = new MemoryStore()) {
  const services = new ContextServices()
  const space = new TupleSpace({ store, patienceMs: () => 60_000 })
  services.offer('bus', new BusService(space))
  const operations = operationTypes.map((operationType) => ({ operationType, tags: {}, moduleUrl }))
  return { space, test: await TestScheduler.create({ operations, services, options }) }
}

describe('context().bus', () => {
  it('carries tuples from producers to consumers on one and the same thread', async () => {
    const { space, test } = await start()
    await using _ = test
    const consumers = Array.from({ length: 10 }, () => test.submit('consume', 'work'))
    await until('all of them wait', () => space.waiters === 10)
    await test.submit('produce', 'work', 10)
    const numbers = (await Promise.all(consumers)) as number[]
    expect(numbers.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    await until('all are acknowledged', async () => (await space.all()).length === 0)
  })

  it('holds up producers while the bus is full, and lends their thread to those who make room', async () => {
    const { space, test } = await start({}, new MemoryStore({ maxTuples: 1 }))
    await using _ = test
    const producing = Array.from({ length: 4 }, () => test.submit('produce', 'work', 3))
    await until('they wait for room', () => space.producers === 4)
    const numbers: unknown[] = []
    for (let n = 0; n < 12; n++) numbers.push(await test.submit('consume', 'work').outcome)
    await Promise.all(producing.map((token) => token.outcome))
    expect(numbers.sort()).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2])
  })

  it.each(['take.and.fail', 'take.and.give.back'])('gives back what was taken (%s)', async (operation) => {
    const { space, test } = await start()
    await using _ = test
    await space.out({ lane: 'work', n: 1 })
    await test.submit(operation, 'work').outcome.catch(() => null)
    expect(await space.in({ lane: 'work' }, { timeoutMs: 10_000 })).toMatchObject({ n: 1 })
  })

  it('gives back what a killed token had taken', async () => {
    const { space, test } = await start({ killGraceMs: 0 })
    await using _ = test
    await space.out({ lane: 'work', n: 1 })
    const hanging = test.submit('take.and.hang', 'work')
    await until('it has taken it', async () => (await space.rdp({ lane: 'work' })) === null)
    test.commandOn('kill', hanging)
    expect(await space.in({ lane: 'work' }, { timeoutMs: 10_000 })).toMatchObject({ n: 1 })
  })

  it('keeps what was acknowledged gone, whatever becomes of the token', async () => {
    const { space, test } = await start()
    await using _ = test
    await space.out({ lane: 'work', n: 1 })
    await expect(test.submit('take.acknowledge.fail', 'work').outcome).rejects.toThrow('after it: true false')
    expect(await space.all()).toEqual([])
  })
})
