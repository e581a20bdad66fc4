import { expect, test } from 'vitest'
import { throttleStatus } from '../../shared/contract/throttle.ts'
import { DiskQuotaWatch } from '../engine/throttle/disk-quota-watch.ts'
import type { ThrottleOptions } from '../engine/throttle/throttle-options.ts'
import { sharedQuota, WorkerQuota } from '../engine/throttle/worker-quota.ts'
import type { Caller } from './host-api.ts'
import { createThrottleApi } from './throttle-api.ts'

const cores = [{ core: 1 }, { core: 2 }]
const none: ThrottleOptions = { cpuQuotaPct: 100, cpuQuotaScope: 'workers', diskQuotaMiB: 0 }

function statusOf(parts: Partial<Parameters<typeof createThrottleApi>[0]>) {
  const api = createThrottleApi({ options: () => none, cores, workerQuota: null, diskQuota: null, ...parts })
  return throttleStatus.parse(api['throttle.status']({}, {} as Caller))
}

test('without quotas nothing is held back', () => {
  expect(statusOf({})).toEqual({ cpu: { quotaPct: 100, scope: 'workers', resting: [] }, disk: null })
})

test('names the cores whose workers rest, and for how long, while the quota is that of the workers', () => {
  const workerQuota = new WorkerQuota()
  const inOneMinute = process.hrtime.bigint() / 1000n + 60_000_000n
  Atomics.store(sharedQuota(workerQuota.shared).paidAt, 2, inOneMinute)
  const { resting } = statusOf({ options: () => ({ ...none, cpuQuotaPct: 20 }), workerQuota }).cpu
  expect(resting.map(({ core }) => core)).toEqual([2])
  expect(resting[0]?.restMs).toBeGreaterThan(50_000)
  expect(resting[0]?.restMs).toBeLessThanOrEqual(60_000)
  expect(statusOf({ workerQuota }).cpu.resting).toEqual([])
})

test('says that new work is refused for want of disk, and when it is looked again', async () => {
  let quota = 1
  using diskQuota = new DiskQuotaWatch({
    path: 'kept',
    quotaMiB: () => quota,
    measure: async () => 3 << 20,
    collect: async () => undefined,
    notice: () => undefined,
    now: () => 0,
    lookEveryMs: 60_000,
  })
  expect(statusOf({ diskQuota }).disk).toMatchObject({ bytes: 0, refuses: false })
  const before = Date.now()
  await diskQuota.look()
  const { disk } = statusOf({ diskQuota })
  expect(disk).toMatchObject({ quotaBytes: 1 << 20, bytes: 3 << 20, refuses: true })
  expect(disk?.nextLookAt).toBeGreaterThanOrEqual(before + 60_000)
  quota = 0
  expect(statusOf({ diskQuota }).disk).toBeNull()
})
