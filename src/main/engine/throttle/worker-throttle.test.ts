import { expect, test } from 'vitest'
import { WorkerQuota } from './worker-quota.ts'
import { WorkerThrottle } from './worker-throttle.ts'

const nowMs = () => Number(process.hrtime.bigint()) / 1e6
const never = () => false
const cpuMs = () => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
const workFor = (ms: number) => {
  for (const until = cpuMs() + ms; cpuMs() < until; );
}

test('a worker rests in proportion to what it worked, also for bursts too short to rest after', async () => {
  const quota = new WorkerQuota()
  quota.set(50)
  const throttle = new WorkerThrottle(quota.shared, 1)
  const from = performance.now()
  let worked = 0
  for (let burst = 0; burst < 100; burst++) {
    const began = throttle.begin()
    workFor(0.4)
    if (began === null) throw new Error('there is a quota')
    worked += cpuMs() - began.cpu
    await throttle.rest(began, never)
  }
  expect(worked / (performance.now() - from)).toBeLessThan(0.52)
})

test('time in which the thread did not have its CPU is not paid for', async () => {
  const quota = new WorkerQuota()
  quota.set(1)
  const began = { at: nowMs() - 60_000, cpu: cpuMs() - 500 }
  await new WorkerThrottle(quota.shared, 1).rest(began, never)
})

test('a rest ends when the quota changes or the thread is to end, and without a quota there is none', async () => {
  const quota = new WorkerQuota()
  const throttle = new WorkerThrottle(quota.shared, 1)
  expect([throttle.begin(), new WorkerThrottle(undefined, 1).begin()]).toEqual([null, null])
  quota.set(1)
  const minute = () => ({ at: nowMs() - 60_000, cpu: cpuMs() - 60_000 })
  const long = throttle.rest(minute(), never)
  quota.set(100)
  await long
  quota.set(1)
  let ends = false
  const other = throttle.rest(minute(), () => ends)
  ends = true
  await other
})

test('the workers of one core share its quota, those of another have their own', async () => {
  const quota = new WorkerQuota()
  quota.set(50)
  const [one, same, other] = [1, 1, 2].map((core) => new WorkerThrottle(quota.shared, core))
  const from = performance.now()
  const worked = () => ({ at: nowMs() - 30, cpu: cpuMs() - 30 })
  await other?.rest({ at: nowMs(), cpu: cpuMs() }, never)
  await Promise.all([one?.rest(worked(), never), same?.rest(worked(), never)])
  expect(performance.now() - from).toBeGreaterThan(80)
})
