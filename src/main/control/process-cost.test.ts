import { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'
import { threadCpuTime } from '../engine/cpu/index.ts'
import { type CostSources, ProcessCost } from './process-cost.ts'

/** A process whose times a test sets, microseconds. */
function madeUp(change: Partial<CostSources> = {}) {
  const used = { process: 0, control: 0, workers: 0, journal: 0 }
  let now = 0
  const sources: CostSources = {
    process: () => used.process,
    control: () => used.control,
    workers: () => used.workers,
    keepers: [async () => used.journal],
    ...change,
  }
  const cost = new ProcessCost(sources, () => now)
  const afterOneSecond = (times: Partial<typeof used>) => {
    Object.assign(used, times)
    now += 1000
    return cost.look()
  }
  return { cost, afterOneSecond }
}

it('counts as the rest what neither workers nor control thread nor keeping threads used since the look before', async () => {
  const { cost, afterOneSecond } = madeUp()
  await afterOneSecond({ process: 5_000_000, workers: 4_000_000 })
  expect(cost.shares).toEqual({ keeping: null, rest: null })
  await afterOneSecond({ process: 6_500_000, workers: 5_000_000, control: 300_000, journal: 150_000 })
  expect(cost.shares.keeping).toBeCloseTo(0.15)
  expect(cost.shares.rest).toBeCloseTo(0.05)
})

it('counts what fell between the readings of two threads once, and forgets it after a while', async () => {
  const { cost, afterOneSecond } = madeUp()
  await afterOneSecond({})
  await afterOneSecond({ process: 500_000 })
  await afterOneSecond({ journal: 300_000 })
  expect(cost.shares.keeping).toBeCloseTo(0.15)
  expect(cost.shares.rest).toBeCloseTo(0.1)
  for (let seconds = 0; seconds < 10; seconds++) await afterOneSecond({})
  expect(cost.shares).toEqual({ keeping: 0, rest: 0 })
})

it('does not guess where the times of workers are not known', async () => {
  const { cost, afterOneSecond } = madeUp({ workers: () => null })
  await afterOneSecond({})
  await afterOneSecond({ process: 900_000, journal: 100_000 })
  expect(cost.shares).toEqual({ keeping: 0.1, rest: null })
})

it('a keeping thread that has ended uses nothing more', async () => {
  let ended = false
  const journal = () => (ended ? Promise.reject(new Error('gone')) : Promise.resolve(400_000))
  const { cost, afterOneSecond } = madeUp({ keepers: [journal] })
  await afterOneSecond({ process: 400_000 })
  ended = true
  await afterOneSecond({ process: 420_000 })
  expect(cost.shares).toEqual({ keeping: 0, rest: 0.02 })
})

it('a thread tells its CPU time from outside, and no more once it has ended', async () => {
  const thread = new Worker('for (let i = 0; i < 1e7; i++); setInterval(() => undefined, 1e6)', { eval: true })
  await new Promise((resolve) => thread.once('online', resolve))
  expect(await threadCpuTime(thread)).toBeGreaterThan(0)
  await thread.terminate()
  await expect(threadCpuTime(thread)).rejects.toThrow()
})
