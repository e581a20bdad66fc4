import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { endThread, makeLoadingWord } from './native-loading.ts'

function start(): { thread: Worker; loading: SharedArrayBuffer; steps: Int32Array } {
  const loading = makeLoadingWord()
  const steps = new Int32Array(new SharedArrayBuffer(12))
  const thread = new Worker(new URL('./native-loading.fixture.ts', import.meta.url), { workerData: { loading, steps } })
  return { thread, loading, steps }
}

test('a thread that loads a native module is ended when it has loaded', async () => {
  const { thread, loading, steps } = start()
  await Atomics.waitAsync(steps, 0, 0).value
  const exit = once(thread, 'exit')
  const ended = endThread({ thread, loading })
  Atomics.store(steps, 1, 1)
  Atomics.notify(steps, 1)
  await ended
  await exit
  expect(steps[2]).toBe(1)
})

test('a thread that is being ended loads nothing any more', async () => {
  const { thread, loading, steps } = start()
  // Before its first line.
  await endThread({ thread, loading })
  expect([...steps]).toEqual([0, 0, 0])
})
