import { Worker } from 'node:worker_threads'
import { afterEach, expect, test } from 'vitest'
import { findEntries } from '../../entries.ts'
import { ThreadSource } from './thread-source.ts'

const entries = findEntries()
const sources: ThreadSource[] = []
const threads: Worker[] = []

function makeSource(heapMiB: () => number = () => 64): ThreadSource {
  const source = new ThreadSource(entries.worker, { sdkEntry: entries.sdk }, heapMiB)
  sources.push(source)
  return source
}

function replacement(source: ThreadSource): Worker {
  const { thread } = source.replacement()
  threads.push(thread)
  return thread
}

/** Thread ids grow: whatever has a smaller one was started before this call. */
function nextThreadId(): number {
  const thread = new Worker('', { eval: true })
  threads.push(thread)
  return thread.threadId
}

afterEach(async () => {
  for (const source of sources.splice(0)) await source.dispose()
  await Promise.all(threads.splice(0).map((thread) => thread.terminate()))
})

test('a thread that was prepared is handed out, once', () => {
  const source = makeSource()
  source.prepare()
  source.prepare()
  const before = nextThreadId()
  expect(replacement(source).threadId).toBe(before - 1)
  expect(replacement(source).threadId).toBe(before + 1)
})

test('the spare thread is left to a replacement when a worker starts for the first time', () => {
  const source = makeSource()
  source.prepare()
  const before = nextThreadId()
  const { thread } = source.start()
  threads.push(thread)
  expect(thread.threadId).toBe(before + 1)
  expect(replacement(source).threadId).toBe(before - 1)
})

test('a thread is started at once when none was prepared', () => {
  const before = nextThreadId()
  expect(replacement(makeSource()).threadId).toBe(before + 1)
})

test('a spare thread with another heap than is asked for now is not handed out', () => {
  let heapMiB = 64
  const source = makeSource(() => heapMiB)
  source.prepare()
  heapMiB = 128
  expect(replacement(source).resourceLimits?.maxOldGenerationSizeMb).toBe(128 + 1024)
})

test('nothing is prepared after the end', async () => {
  const source = makeSource()
  await source.dispose()
  source.prepare()
  const before = nextThreadId()
  expect(replacement(source).threadId).toBe(before + 1)
})
