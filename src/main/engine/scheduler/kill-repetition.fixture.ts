import { assert, assertDefined } from '../../../shared/assert.ts'
import { cpusOfThread } from './kernel-view.fixture.ts'
import { TestScheduler } from './scheduler.fixture.ts'
import { until } from './until.fixture.ts'

/** Tokens that wait behind each killed one. */
const behindEach = 3

export interface KillFigures {
  readonly kills: number
  /** From the kill to the new thread that is ready and bound, milliseconds. */
  readonly median: number
  readonly p99: number
  readonly longest: number
}

/**
 * Kills a token that never ends so many times, each time with others in the mailbox behind it and on another core. Rejects when
 * a new thread is not bound where the old one was, or when any other token is lost or run twice.
 */
export async function killRepeatedly(kills: number): Promise<KillFigures> {
  await using test = await TestScheduler.create({ cores: 2, options: { killGraceMs: 0, stealing: false } })
  await test.submit('echo.async', 'started')
  const { asked } = await test.readyWorker(2, 0)
  const took: number[] = []
  for (let kill = 0; kill < kills; kill++) {
    took.push(await killOnce(test, kill))
    const { threadId, confirmed } = await test.readyWorker(2, 0)
    assert(confirmed?.length === 1 && confirmed[0] === asked, `thread ${kill} is bound where the one before it was`)
    if (process.platform === 'linux') {
      const cpus = cpusOfThread(assertDefined(threadId, 'Linux tells it'))
      assert(cpus?.length === 1 && cpus[0] === asked, `the kernel agrees on thread ${kill}`)
    }
  }
  const runs = test.board.firstRuns(kills * (behindEach + 1))
  assert(
    runs.every((count) => count === 1),
    'no other token is lost or run twice',
  )
  const { KILLED, FAILED } = test.stats.totals
  assert(KILLED === kills && FAILED === 0, 'nothing is killed but what should be')
  took.sort((a, b) => a - b)
  const at = (share: number) => assertDefined(took[Math.ceil(share * kills) - 1], 'there are samples')
  return { kills, median: at(0.5), p99: at(0.99), longest: at(1) }
}

/** Milliseconds from the kill to the new thread that is ready. */
async function killOnce(test: TestScheduler, kill: number): Promise<number> {
  const gate = kill % test.board.gates
  const before = test.board.arrived(gate)
  const token = test.submit('spin', gate)
  await test.arrival(gate, before + 1)
  const first = kill * (behindEach + 1)
  const others = Array.from({ length: behindEach }, (_, index) => test.submit('count', first + index))
  others.push(test.submit('count.heavy', first + behindEach))
  const { restarts } = assertDefined(test.worker(2, 0), 'it runs the token')
  const from = performance.now()
  test.commandOn('kill', token)
  await until('a new thread is ready', () => {
    const worker = test.worker(2, 0)
    return worker !== undefined && worker.restarts > restarts && worker.threadId !== null
  })
  const took = performance.now() - from
  await Promise.all(others)
  return took
}
