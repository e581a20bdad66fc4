import { Bus } from '../../src/main/engine/bus/bus.ts'
import { MemoryStore } from '../../src/main/engine/bus/stores/memory-store.ts'

const agents = 2000

/** Spawns agents beside `waiting` others that wait in the same lane, and takes and acknowledges as many; in memory. */
export async function measureAgents(waiting: number): Promise<{ spawnedPerSecond: number; finishedPerSecond: number }> {
  const bus = new Bus(new MemoryStore(), {
    canRun: () => false,
    run: () => Promise.reject(new Error('no lane is worked here')),
  })
  const { kernel, space } = bus
  const spawn = async (count: number) => {
    for (let n = 0; n < count; n++) await kernel.spawn({ yool: 'agent.bench.run', lane: 'bench', data: { n } })
  }
  await spawn(waiting)
  const spawnedPerSecond = await perSecond(() => spawn(agents))
  const finishedPerSecond = await perSecond(async () => {
    for (let n = 0; n < agents; n++) await (await space.lend({ lane: 'bench' }, { timeoutMs: 0 }))?.acknowledge()
  })
  await bus.close()
  return { spawnedPerSecond, finishedPerSecond }
}

async function perSecond(work: () => Promise<void>): Promise<number> {
  const began = performance.now()
  await work()
  return Math.round((agents * 1000) / (performance.now() - began))
}
