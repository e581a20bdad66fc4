import { expect, test } from 'vitest'
import { WorkerQuota } from './worker-quota.ts'
import { WorkerThrottle } from './worker-throttle.ts'

const busyFor = (ms: number) => {
  for (const until = performance.now() + ms; performance.now() < until; );
}

test('a worker rests in proportion to what it worked, also for bursts too short to rest after', async () => {
  const quota = new WorkerQuota()
  quota.set(50)
  const throttle = new WorkerThrottle(quota.shared)
  const from = performance.now()
  let worked = 0
  for (let burst = 0; burst < 100; burst++) {
    const startedAt = performance.now()
    busyFor(0.4)
    worked += performance.now() - startedAt
    await throttle.rest(startedAt, () => false)
  }
  expect(worked / (performance.now() - from)).toBeLessThan(0.52)
})

test('a rest ends when the quota changes or the thread is to end, and without a quota there is none', async () => {
  const quota = new WorkerQuota()
  const throttle = new WorkerThrottle(quota.shared)
  expect(throttle.on).toBe(false)
  expect(new WorkerThrottle().on).toBe(false)
  quota.set(1)
  expect(throttle.on).toBe(true)
  const long = throttle.rest(performance.now() - 60_000, () => false)
  quota.set(100)
  await long
  quota.set(1)
  let ends = false
  const other = throttle.rest(performance.now() - 60_000, () => ends)
  ends = true
  await other
})
