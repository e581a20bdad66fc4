import { expect, it } from 'vitest'
import { samplesToLearn } from '../engine/scheduler/allocation/propose-heap.ts'
import { HostBench } from './host.fixture.ts'

it('applies the proposal that was seen, enters it in the audit log, and refuses another', async () => {
  await using bench = new HostBench()
  const client = bench.client()
  const { allocation, liveOptions } = bench.scheduler
  expect(await client.call('allocation.report', {})).toMatchObject({ limitMiB: 512, proposal: { kind: 'learning' } })
  await expect(client.call('allocation.apply', { heapMiB: 512 })).rejects.toMatchObject({ kind: 'conflict' })
  bench.scheduler.knowOperation('cpu.heavy')
  for (let look = 0; look < samplesToLearn; look++) allocation.measured(0, 10 * 2 ** 20)
  const { proposal, operations } = await client.call('allocation.report', {})
  expect(operations).toEqual([{ operation: 'cpu.heavy', peak: 10 * 2 ** 20, samples: samplesToLearn }])
  await expect(client.call('allocation.apply', { heapMiB: 128 })).rejects.toMatchObject({
    kind: 'conflict',
    message: 'a heap of 128 MiB is not what is proposed; that is 256 MiB',
  })
  const applied = await client.call('allocation.apply', { heapMiB: proposal.heapMiB })
  expect(applied).toMatchObject({ limitMiB: 256, before: 512 })
  expect(liveOptions.current.workerHeapMiB).toBe(256)
  const { entries } = await client.call('audit.query', {})
  expect(entries[0]).toMatchObject({ action: 'set options', reason: proposal.reason })
})
