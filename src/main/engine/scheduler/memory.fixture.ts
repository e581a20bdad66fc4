import { TestScheduler } from './scheduler.fixture.ts'

/** A program that runs no-op tokens and prints what memory it holds after the first and after the last, as JSON. Needs --expose-gc. */

const [first = 100_000, last = 1_000_000] = process.argv.slice(2).map(Number)
// As many as keep two workers busy; their handles are dropped like those of a program that does not wait for results.
const inFlight = 2000

export interface MemoryReading {
  readonly tokens: number
  /** Bytes after a forced collection. */
  readonly heapUsed: number
  readonly external: number
  readonly rss: number
}

async function submitUpTo(test: TestScheduler, tokens: number): Promise<void> {
  while (test.stats.token_pool.total_created < tokens) {
    const handles = Array.from({ length: inFlight }, () => test.submit('noop'))
    await handles.at(-1)
    await Promise.all(handles)
  }
}

async function readMemory(tokens: number): Promise<MemoryReading> {
  if (globalThis.gc === undefined) throw new Error('this program needs node --expose-gc')
  // Twice, with a turn in between: the first collection frees what the second one's finalisers hold.
  for (let time = 0; time < 3; time++) {
    globalThis.gc()
    await new Promise((resolve) => setImmediate(resolve))
  }
  const { heapUsed, external, rss } = process.memoryUsage()
  return { tokens, heapUsed, external, rss }
}

await using test = await TestScheduler.create({ cores: 2, options: { historyMax: 100_000 } })
const readings: MemoryReading[] = []
for (const tokens of [first, last]) {
  await submitUpTo(test, tokens)
  readings.push(await readMemory(test.stats.token_pool.total_created))
}
process.stdout.write(`${JSON.stringify(readings)}\n`)
