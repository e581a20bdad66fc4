import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { runnableOperations, TestScheduler } from './scheduler.fixture.ts'

/** The wall clock is set by an hour, back or ahead, while the scheduler works: what it does follows a clock that nobody can set. */

const hour = 3_600_000

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
})

afterEach(() => {
  vi.useRealTimers()
})

function setBy(milliseconds: number): void {
  vi.setSystemTime(Date.now() + milliseconds)
}

it.each([
  ['back', [-hour]],
  ['ahead', [hour]],
  ['ahead and back', [hour, -hour]],
])(
  'goes on running, timing out, retrying and looking at its cores when the clock goes %s an hour',
  async (_way, steps) => {
    const operations = runnableOperations({ fail: { retry: { times: 2, delay: 5 }, idempotent: true } })
    await using test = await TestScheduler.create({
      cores: 2,
      operations,
      options: { enableConvergence: true, convergenceIntervalMs: 50, killGraceMs: 10 },
    })
    const before = test.submit('echo', 'before')
    const ends = test.submitWith({ timeout: 60 }, 'hang.yielding', 1)
    const waits = test.submit('fail', 'again')
    const looks = () => test.scheduler.convergence.log.decisions(null, false).reduce((sum, { times }) => sum + times, 0)
    for (const step of steps) setBy(step)
    const after = test.submit('echo', 'after')
    expect(await Promise.all([before, after])).toEqual(['before', 'after'])
    await expect(ends.outcome).rejects.toMatchObject({ kind: 'timeout' })
    await expect(waits.outcome).rejects.toMatchObject({ message: 'again' })
    expect(test.detailOf(waits).attempt).toBe(3)
    const seen = looks()
    await expect.poll(looks).toBeGreaterThan(seen)
    const [first, second] = [test.detailOf(before), test.detailOf(after)]
    expect(second.times.created).toBeGreaterThan(first.times.created)
    for (const { times } of [first, second]) {
      expect(times.started).toBeGreaterThanOrEqual(times.created)
      expect(times.ended).toBeGreaterThanOrEqual(times.started ?? 0)
    }
    // Ids carry the time by the same clock, so none comes twice.
    expect(new Set([before, ends, waits, after].map((token) => test.idOf(token))).size).toBe(4)
  },
)
