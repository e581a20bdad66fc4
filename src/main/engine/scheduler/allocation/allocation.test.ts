import { expect, it } from 'vitest'
import type { Notice } from '../notices.ts'
import { TestScheduler } from '../scheduler.fixture.ts'
import { until } from '../until.fixture.ts'
import { samplesToLearn } from './propose-heap.ts'

const mebibyte = 2 ** 20

it('measures the heap of a worker while an operation runs, and names it', async () => {
  await using test = await TestScheduler.create()
  const token = test.submit('hang.yielding', 1)
  await until('its heap was seen', () => test.scheduler.allocation.report().operations.length > 0)
  test.commandOn('kill', token)
  await token.outcome.catch(() => undefined)
  const { operations, limitMiB, proposal } = test.scheduler.allocation.report()
  expect(operations).toMatchObject([{ operation: 'hang.yielding' }])
  expect(operations[0]?.peak).toBeGreaterThan(mebibyte)
  expect(limitMiB).toBe(512)
  expect(proposal.kind).toBe('learning')
})

it('counts a worker that ran out of heap, and proposes more', async () => {
  await using test = await TestScheduler.create({ options: { workerHeapMiB: 64 } })
  await expect(test.submit('exhaust').outcome).rejects.toMatchObject({ kind: 'worker-lost' })
  const { overruns, proposal } = test.scheduler.allocation.report()
  expect(overruns).toBe(1)
  expect(proposal.kind).toBe('raise')
  expect(proposal.heapMiB).toBeGreaterThanOrEqual(128)
})

it('changes nothing by itself unless the option says so, and begins anew after a change', async () => {
  await using test = await TestScheduler.create({ started: false })
  const { scheduler } = test
  const notices: Notice[] = []
  scheduler.onNotice((notice) => notices.push(notice))
  const learn = () => {
    for (let look = 0; look <= samplesToLearn; look++) scheduler.allocation.measured(0, 40 * mebibyte)
  }
  learn()
  expect(scheduler.allocation.report()).toMatchObject({ limitMiB: 512, proposal: { kind: 'lower', heapMiB: 256 } })
  scheduler.liveOptions.set({ allocationAuto: true })
  scheduler.allocation.measured(0, 40 * mebibyte)
  await until('it is applied', () => {
    scheduler.allocation.measured(0, 40 * mebibyte)
    return scheduler.options.workerHeapMiB === 256
  })
  expect(notices).toMatchObject([
    { level: 'info', text: expect.stringMatching(/^The heap of workers is 256 MiB instead of 512\. In [\d,]+ looks/) },
  ])
  expect(scheduler.allocation.report()).toMatchObject({ operations: [], proposal: { kind: 'learning', heapMiB: 256 } })
})
