import { describe, expect, it } from 'vitest'
import { GuardhouseError } from '../../../shared/errors.ts'
import { ContextServices, type ServiceCaller } from './context-services.ts'
import { TestScheduler } from './scheduler.fixture.ts'
import { until } from './until.fixture.ts'

const moduleUrl = new URL('./service-operations.fixture.ts', import.meta.url).href
const operations = ['take', 'take.or.give.up', 'take.until', 'put', 'put.unheard', 'put.function'].map(
  (operationType) => ({ operationType, tags: {}, moduleUrl }),
)

/** A bus so small that a test sees every call. */
class SmallBus {
  readonly put: string[] = []
  readonly callers: ServiceCaller[] = []
  readonly ends: string[] = []
  readonly #waiting: ((lane: string) => void)[] = []

  call(method: string, [first]: readonly unknown[], caller: ServiceCaller): unknown {
    const { lane } = first as { lane: string }
    this.callers.push(caller)
    caller.onEnd((state) => this.ends.push(state))
    if (method === 'out') {
      if (lane === 'refused') throw new GuardhouseError('too-large', 'no room', { hint: 'Take some.' })
      this.put.push(lane)
      this.#waiting.shift()?.(lane)
      return lane
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push(resolve)
      caller.signal.addEventListener('abort', () => reject(caller.signal.reason))
    })
  }
}

async function start() {
  const services = new ContextServices()
  const bus = new SmallBus()
  services.offer('bus', bus)
  return { bus, test: await TestScheduler.create({ operations, services }) }
}

describe('an operation that calls a service', () => {
  it('gets its answer, or its error with kind and hint', async () => {
    const { bus, test } = await start()
    await using _ = test
    expect(await test.submit('put', 'a')).toBe('a')
    await expect(test.submit('put', 'refused').outcome).rejects.toMatchObject({ kind: 'too-large', hint: 'Take some.' })
    expect(bus.callers[0]).toMatchObject({ operationType: 'put', sequence: 1 })
  })

  it('lends its thread while it waits', async () => {
    const { test } = await start()
    await using _ = test
    const taking = test.submit('take', 'a')
    await until('it waits', () => test.stateOf(taking) === 'EXECUTING')
    expect(await test.submit('put', 'a')).toBe('a')
    expect(await taking).toBe('a')
  })

  it('stops waiting when it is killed', async () => {
    const { bus, test } = await start()
    await using _ = test
    const taking = test.submit('take', 'a')
    await until('it waits', () => bus.callers.length === 1)
    test.commandOn('kill', taking)
    await expect(taking.outcome).rejects.toMatchObject({ kind: 'killed' })
    expect(bus.callers[0]?.signal.aborted).toBe(true)
    expect(bus.ends).toEqual(['KILLED'])
    await until('its worker is free', () => test.worker(1, 0)?.running === null)
    expect(test.worker(1, 0)?.restarts).toBe(0)
  })

  it('stops waiting when its own signal says so', async () => {
    const { bus, test } = await start()
    await using _ = test
    expect(await test.submit('take.until', 'a')).toBe('enough')
    await until('the service knows', () => bus.callers[0]?.signal.aborted === true)
  })

  it('does what was asked also when nobody awaits the answer', async () => {
    const { bus, test } = await start()
    await using _ = test
    await test.submit('put.unheard', 'later')
    await until('it is put', () => bus.put.includes('later'))
  })

  it('is told what cannot be sent, and who offers nothing', async () => {
    const { test } = await start()
    await using _ = test
    await expect(test.submit('put.function').outcome).rejects.toMatchObject({ kind: 'not-cloneable' })
    await using without = await TestScheduler.create({ operations })
    await expect(without.submit('put', 'a').outcome).rejects.toMatchObject({ kind: 'unsupported' })
  })
})
