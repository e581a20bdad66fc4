import { expect, test } from 'vitest'
import { WorkerQuota } from '../throttle/worker-quota.ts'
import { TestScheduler } from './scheduler.fixture.ts'

test('under a quota a worker rests between two tokens for what it worked, until the quota is lifted', async () => {
  const workerQuota = new WorkerQuota()
  await using test = await TestScheduler.create({ workerQuota })
  // What loading costs is owed too: here that is done before.
  await test.submit('noop').outcome
  workerQuota.set(25)
  const [first, second] = [test.submit('burn', 20), test.submit('noop')]
  await second.outcome
  const startOf = (token: typeof first) => test.detailOf(token).times.started ?? 0
  expect((startOf(second) - startOf(first)) / 1000).toBeGreaterThan(4 * 20 - 5)

  workerQuota.set(1)
  const [third, fourth] = [test.submit('burn', 600), test.submit('noop')]
  await third.outcome
  workerQuota.set(100)
  await fourth.outcome
  expect((startOf(fourth) - startOf(third)) / 1000).toBeLessThan(50_000)
})
