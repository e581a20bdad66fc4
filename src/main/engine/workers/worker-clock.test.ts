import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'
import type { ClockReaderData, ClockReading } from './clock-reader.fixture.ts'
import { MonotonicClock } from './worker-clock.ts'

it('starts at its epoch and never goes back', () => {
  const clock = new MonotonicClock()
  let last = clock.now()
  expect(last).toBeGreaterThanOrEqual(0)
  expect(last).toBeLessThan(1e6)
  for (let reading = 0; reading < 10_000; reading++) {
    const now = clock.now()
    expect(now).toBeGreaterThanOrEqual(last)
    last = now
  }
})

it('counts microseconds', () => {
  const clock = new MonotonicClock()
  const from = { clock: clock.now(), process: process.hrtime.bigint() }
  while (clock.now() < from.clock + 20_000);
  const passed = Number(process.hrtime.bigint() - from.process) / 1000
  expect(passed).toBeGreaterThan(19_990)
})

it('agrees between threads that share an epoch', async () => {
  const clock = new MonotonicClock()
  const workerData: ClockReaderData = { epoch: clock.epoch, epochWall: clock.epochWall }
  const worker = new Worker(new URL('./clock-reader.fixture.ts', import.meta.url), { workerData })
  const before = clock.now()
  const [{ now, epochWall }] = (await once(worker, 'message')) as [ClockReading]
  const after = clock.now()
  await worker.terminate()
  // Two readings of the same counter, each rounded to its clock's resolution.
  expect(now).toBeGreaterThan(before - 100)
  expect(now).toBeLessThan(after + 100)
  expect(epochWall).toBe(clock.epochWall)
})
