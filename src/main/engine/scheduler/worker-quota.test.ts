import { expect, test } from 'vitest'
import { WorkerQuota } from '../throttle/worker-quota.ts'
import { TestScheduler } from './scheduler.fixture.ts'
import { until } from './until.fixture.ts'

test('under a quota a worker rests between two tokens for what it worked, until the quota is lifted', async () => {
  const workerQuota = new WorkerQuota()
  await using test = await TestScheduler.create({ workerQuota })
  // What loading costs is owed too: here that is done before.
  await test.submit('noop').outcome
  workerQuota.set(25)
  const [first, second] = [test.submit('hold', 1), test.submit('noop')]
  await test.arrival(1)
  const from = performance.now()
  await until('it has worked for a while', () => performance.now() - from > 20)
  test.board.open(1)
  await second.outcome
  const { times, ran } = test.detailOf(first)
  const rested = (test.detailOf(second).times.started ?? 0) - (times.ended ?? 0)
  expect(rested).toBeGreaterThan((ran ?? 0) * 2.5)

  workerQuota.set(1)
  const [third, fourth] = [test.submit('hold', 2), test.submit('noop')]
  await test.arrival(2)
  const again = performance.now()
  await until('it owes some seconds', () => performance.now() - again > 60)
  test.board.open(2)
  await third.outcome
  workerQuota.set(100)
  await fourth.outcome
  expect(test.detailOf(fourth).state).toBe('COMPLETED')
})
