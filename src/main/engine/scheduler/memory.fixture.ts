import { runnableOperations, TestScheduler } from './scheduler.fixture.ts'
import type { TokenHandle } from './token-handle.ts'

/** A program that runs tokens, of which some fail, are tried again, anchored or killed, and prints what memory it holds after the first and after the last, as JSON. Needs --expose-gc. */

const [first = 100_000, last = 1_000_000] = process.argv.slice(2).map(Number)
// As many as keep two workers busy; their handles are dropped like those of a program that does not wait for results.
const inFlight = 2000

export interface MemoryReading {
  readonly tokens: number
  /** How they have ended, and how many attempts were made again. */
  readonly endings: Readonly<Record<'COMPLETED' | 'FAILED' | 'KILLED' | 'retried', number>>
  /** Bytes after a forced collection. */
  readonly heapUsed: number
  readonly external: number
  readonly rss: number
}

const tags = {
  'count.async': { stickyAnchor: 'key', storageSpeed: 'SLOW' },
  lead: { externalCalls: ['echo'] },
  throw: { retry: { times: 1, delay: 0, jitter: 0 }, idempotent: true },
} as const

/** Of every hundred tokens most do nothing; the others end in every other way. */
function submitOne(test: TestScheduler, number: number): TokenHandle {
  switch (number % 100) {
    case 10:
      return test.submit('fail', 'as it should')
    case 30:
      return test.submit('throw', 'just text')
    case 50:
      return test.submit('count.async', number % 500)
    case 70:
      return test.submit('lead', 'echo', number)
    default:
      return test.submit('noop')
  }
}

async function submitUpTo(test: TestScheduler, tokens: number): Promise<void> {
  while (test.stats.token_pool.total_created < tokens) {
    const handles = Array.from({ length: inFlight }, (_, number) => submitOne(test, number))
    test.commandOn('kill', ...handles.slice(-20))
    await Promise.allSettled(handles)
  }
}

async function readMemory(test: TestScheduler, tokens: number): Promise<MemoryReading> {
  if (globalThis.gc === undefined) throw new Error('this program needs node --expose-gc')
  // Twice, with a turn in between: the first collection frees what the second one's finalisers hold.
  for (let time = 0; time < 3; time++) {
    globalThis.gc()
    await new Promise((resolve) => setImmediate(resolve))
  }
  const { heapUsed, external, rss } = process.memoryUsage()
  const { totals, tags } = test.stats
  const { COMPLETED, FAILED, KILLED } = totals
  const endings = { COMPLETED, FAILED, KILLED, retried: tags.retries.total_retries_created }
  return { tokens, endings, heapUsed, external, rss }
}

await using test = await TestScheduler.create({
  cores: 2,
  operations: runnableOperations(tags),
  options: { historyMax: 100_000 },
})
const readings: MemoryReading[] = []
for (const tokens of [first, last]) {
  await submitUpTo(test, tokens)
  readings.push(await readMemory(test, test.stats.token_pool.total_created))
}
process.stdout.write(`${JSON.stringify(readings)}\n`)
