import { expect, test } from 'vitest'
import { TestScheduler } from '../scheduler/scheduler.fixture.ts'
import { Journal } from './journal.ts'

/** A scheduler whose journal tells what each batch was to wait for, oldest first. */
async function watched() {
  const scheduler = await TestScheduler.create()
  const journal = await Journal.open({
    entry: new URL('obedient-writer.fixture.ts', import.meta.url),
    data: { path: '', mayMove: false, limits: { maxRows: 1, maxBytes: 1, maxDays: 1 }, epochWall: 0 },
  })
  const batches: string[] = []
  journal.onNotice(({ text }) => batches.push(text))
  journal.attach(scheduler.scheduler.observer)
  return {
    scheduler,
    journal,
    batches,
    async [Symbol.asyncDispose]() {
      await scheduler[Symbol.asyncDispose]()
      await journal.close()
    },
  }
}

test('what nobody waits for does not wait for the disk, and goes there a little later by itself', async () => {
  await using bench = await watched()
  await bench.scheduler.submit('echo', 1)
  await expect.poll(() => bench.batches.at(-1)).toBe('waits for the disk')
  expect(bench.batches[0]).toBe('does not wait')
})

test('whoever waits is answered only when the disk has everything, also what was written before', async () => {
  await using bench = await watched()
  for (let round = 0; round < 20; round++) {
    const before = bench.batches.length
    await bench.scheduler.submit('echo', round)
    // Now and then it is written already, and only the disk is left to be waited for.
    if (round % 2 === 0) await expect.poll(() => bench.batches.length).toBeGreaterThan(before)
    await bench.journal.durable()
    expect(bench.batches.at(-1)).toBe('waits for the disk')
  }
  const { length } = bench.batches
  await bench.journal.durable()
  expect(bench.batches).toHaveLength(length)
})

test('what a person did or chose waits for the disk', async () => {
  await using bench = await watched()
  bench.journal.keepSetting('paused', { gate: true })
  await expect.poll(() => bench.batches).toEqual(['waits for the disk'])
})
