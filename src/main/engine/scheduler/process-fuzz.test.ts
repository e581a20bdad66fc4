import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { assert } from '../../../shared/assert.ts'
import { isProcessAlive } from '../system/is-process-alive.ts'
import { TestScheduler } from './scheduler.fixture.ts'
import { SeededRandom } from './seeded-random.fixture.ts'
import type { TokenHandle } from './token-handle.ts'
import { until } from './until.fixture.ts'

const moduleUrl = new URL('./process-operations.fixture.ts', import.meta.url).href
/** Repeats the plan of a run that failed; its moments depend on the machine all the same. */
const givenSeed = process.env.GUARDHOUSE_FUZZ_SEED
const steps = 60
const mostAttempts = 3

/** Endings of `process.mark`, each as often as its number says. A new process costs far more than a token. */
const endings = { return: 60, retryable: 12, 'type-error': 12, function: 4, hang: 5, exit: 4, abort: 2 } as const

interface Submitted {
  readonly token: TokenHandle
  /** Has a line for every run. */
  readonly file: string
  readonly repeatable: boolean
  readonly ending: keyof typeof endings
}

function runsOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').slice(0, -1)
  } catch {
    return []
  }
}

function makeScheduler(): Promise<TestScheduler> {
  const retry = { times: mostAttempts - 1, delay: 1 }
  const tagged = { processPool: true, retry } as const
  return TestScheduler.create({
    cores: 2,
    operations: [
      { operationType: 'process.mark', tags: tagged, moduleUrl },
      // The same code under a name of its own: only this one may run again after it began.
      { operationType: 'process.again', tags: { ...tagged, idempotent: true, stickyAnchor: 'again' }, moduleUrl },
    ],
    options: { workersPerCore: 2, initialPattern: 2, killGraceMs: 10, mailboxMax: 3 },
  })
}

/** What a person, a deadline or the system's killer does to processes at random moments. */
async function disturb(test: TestScheduler, random: SeededRandom, tokens: readonly Submitted[]): Promise<void> {
  const open = tokens.filter(({ token }) => !token.settled)
  const victim = open.length === 0 ? null : random.pick(open).token
  switch (random.weighted({ kill: 5, drain: 1, pause: 2, outside: 5, turn: 20 })) {
    case 'kill':
      if (victim !== null) test.commandOn('kill', victim)
      return
    case 'drain':
      test.command('drain', { kind: 'operation', operation: 'process.mark' })
      return
    case 'pause':
      test.command(random.pick(['pause', 'resume']), { kind: 'all' })
      return
    case 'outside': {
      const running = test.stats.workers.flatMap(({ process: pid }) => pid ?? [])
      if (running.length > 0) process.kill(random.pick(running), 'SIGKILL')
      return
    }
    case 'turn':
      await new Promise((resolve) => setImmediate(resolve))
  }
}

function expectRightRuns(test: TestScheduler, { token, file, repeatable, ending }: Submitted): void {
  const { state, id, attempt, error } = test.detailOf(token)
  const runs = runsOf(file)
  const about = `${id} (${ending}) ${state} at attempt ${attempt}, ran ${runs}: ${error?.message ?? 'no error'}`
  assert(new Set(runs).size === runs.length, `no attempt runs twice: ${about}`)
  assert(runs.length <= (attempt ?? 1), `there are no more runs than attempts: ${about}`)
  if (state === 'COMPLETED') assert(runs.at(-1) === String(attempt), `what completed has run: ${about}`)
  if (!repeatable && ending !== 'retryable') assert(runs.length <= 1, `only what may be repeated is: ${about}`)
}

it('every token in a process ends and runs once an attempt, whoever kills what', async () => {
  const seed = givenSeed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(givenSeed)
  const random = new SeededRandom(seed)
  const folder = mkdtempSync(join(tmpdir(), 'guardhouse-process-fuzz-'))
  const tokens: Submitted[] = []
  const test = await makeScheduler()
  const seen = new Set<number>()
  try {
    for (let step = 0; step < steps; step++) {
      const ending = random.weighted(endings)
      const repeatable = random.chance(0.5)
      const file = join(folder, String(step))
      const settings = ending === 'hang' ? { timeout: 150 } : random.chance(0.04) ? { queueTimeout: 5 } : {}
      const token = test.submitWith(settings, repeatable ? 'process.again' : 'process.mark', file, ending)
      tokens.push({ token, file, repeatable, ending })
      await disturb(test, random, tokens)
      for (const { process: pid } of test.stats.workers) if (pid != null) seen.add(pid)
    }
    test.command('resume', { kind: 'all' })
    await Promise.allSettled(tokens.map(({ token }) => token))
    await until('nothing is held', () => test.stats.tags.sticky.pins === 0 && test.stats.tags.retries.waiting === 0)
    for (const submitted of tokens) expectRightRuns(test, submitted)
    const { COMPLETED, FAILED, KILLED, TIMEOUT } = test.stats.totals
    expect(COMPLETED + FAILED + KILLED + TIMEOUT).toBe(tokens.length)
    expect(COMPLETED).toBeGreaterThan(0)
  } catch (error) {
    throw new Error(`repeat it with GUARDHOUSE_FUZZ_SEED=${seed}`, { cause: error })
  } finally {
    await test.scheduler.stop({ mode: 'abort' })
    rmSync(folder, { recursive: true, force: true })
  }
  await until('no process is left', () => [...seen].every((pid) => !isProcessAlive(pid)))
}, 90_000)
