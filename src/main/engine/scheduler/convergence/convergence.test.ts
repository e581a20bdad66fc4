import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { TestScheduler } from '../scheduler.fixture.ts'
import { until } from '../until.fixture.ts'
import { CoreMeter } from './core-meter.ts'

const eager = {
  workersPerCore: 4,
  initialPattern: 1,
  patternMinimum: 1,
  stealing: false,
  convergenceHold: 1,
  convergenceCooldownMs: 0,
  queueDepthFactor: 0.25,
}

function slots(test: TestScheduler, tokens: readonly ReturnType<TestScheduler['submit']>[]): Set<number | null> {
  return new Set(tokens.map((token) => test.detailOf(token).slot))
}

describe('what convergence decides', () => {
  it('changes where the next tokens are routed, and back when the core is idle', async () => {
    await using test = await TestScheduler.create({ options: eager })
    const { convergence } = test.scheduler
    const holding = test.submit('hold', 1)
    await test.arrival(1)
    const waiting = Array.from({ length: 5 }, () => test.submit('noop'))
    await until('they are placed behind it', () => test.stats.cores[0]?.depth === 6)
    convergence.evaluate()
    expect(test.stats.cores[0]?.pattern).toBe(2)
    // The new worker takes what waited behind the one that holds.
    await Promise.all(waiting)
    expect(slots(test, waiting)).toContain(1)
    test.board.open(1)
    await holding
    convergence.evaluate()
    await until('a look without work finds the core idle', () => {
      convergence.evaluate()
      return test.stats.cores[0]?.pattern === 1
    })
    const after = Array.from({ length: 6 }, () => test.submit('noop'))
    await Promise.all(after)
    expect(slots(test, after)).toEqual(new Set([0]))
  })

  it('is recorded with its inputs, its thresholds and what the other rules would have done', async () => {
    await using test = await TestScheduler.create({ options: eager })
    const holding = test.submit('hold', 1)
    await test.arrival(1)
    const waiting = [1, 2, 3].map(() => test.submit('noop'))
    await until('they are placed behind it', () => test.stats.cores[0]?.depth === 4)
    test.scheduler.convergence.evaluate()
    const [decision] = test.scheduler.convergence.log.decisions(1, true)
    expect(decision).toMatchObject({
      rule: 'depth',
      from: 1,
      to: 2,
      inputs: { depth: 3 },
      thresholds: { depthLimit: 1 },
    })
    expect(decision?.verdicts.find((verdict) => verdict.rule === 'balanced')).toMatchObject({ holds: true, would: 1 })
    expect(test.scheduler.convergence.log.changes).toMatchObject([{ core: 1, from: 1, to: 2, by: 'depth' }])
    test.board.open(1)
    await Promise.all([holding, ...waiting])
  })

  it('leaves alone what a person chose, until it is handed back', async () => {
    await using test = await TestScheduler.create({ options: eager })
    const { convergence } = test.scheduler
    test.scheduler.setPattern(1, 3, 'Ada')
    convergence.evaluate()
    convergence.evaluate()
    expect(test.stats.cores[0]?.pattern).toBe(3)
    expect(convergence.log.newest(1)?.heldBy).toBe('by-hand')
    expect(test.scheduler.reports.convergence().cores[0]?.byHandFor).toBeGreaterThan(0)
    expect(convergence.release(1)).toBe(true)
    await until('it goes down again', () => {
      convergence.evaluate()
      return test.stats.cores[0]?.pattern === 1
    })
    expect(convergence.log.changes[0]).toMatchObject({ by: 'Ada', from: 1, to: 3 })
  })

  it('happens by itself at the interval while it is on, and not while it is off', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    onTestFinished(() => void vi.useRealTimers())
    await using test = await TestScheduler.create({
      options: { ...eager, enableConvergence: true, convergenceIntervalMs: 50 },
    })
    const looks = () => test.scheduler.convergence.log.newest(1)?.times ?? 0
    vi.advanceTimersByTime(100)
    expect(looks()).toBe(2)
    expect(test.stats.convergence).toMatchObject({ core_patterns: { 1: 'heavy' }, pattern_distribution: { heavy: 1 } })
    test.scheduler.liveOptions.set({ enableConvergence: false })
    expect(test.stats.convergence).toBeNull()
    expect(test.scheduler.reports.convergence().enabled).toBe(false)
    vi.advanceTimersByTime(1000)
    expect(looks()).toBe(2)
    test.scheduler.liveOptions.set({ enableConvergence: true, convergenceIntervalMs: 500 })
    vi.advanceTimersByTime(1000)
    expect(looks()).toBe(4)
  })
})

describe('a meter', () => {
  it('counts a run across looks exactly once, half in each', () => {
    const meter = new CoreMeter()
    expect(meter.look(1000, 500, 1, 0)).toMatchObject({ utilization: 50, busyWorkers: 0.5 })
    meter.ran(1000)
    expect(meter.look(2000, 0, 1, 0)).toMatchObject({ utilization: 50 })
  })

  it('measures against the workers that routing uses', () => {
    const meter = new CoreMeter()
    meter.ran(2000)
    expect(meter.look(1000, 0, 4, 0)).toMatchObject({ utilization: 50, busyWorkers: 2 })
  })

  it('tells the wait of the last interval only, and none when nothing began', () => {
    const meter = new CoreMeter()
    for (const wait of [1, 2, 3]) meter.waited(wait * 1e6)
    expect(meter.look(1000, 0, 1, 0).waitP95).toBe(3)
    expect(meter.look(2000, 0, 1, 0).waitP95).toBeNull()
  })

  it('adds up the swing of run times, and tells when it falls', () => {
    const meter = new CoreMeter()
    for (const run of [1e6, 3e6]) {
      meter.ran(run)
      meter.waited(0)
    }
    expect(meter.look(1e6, 0, 1, 0)).toMatchObject({ asi: 1, asiTrend: 1 })
    expect(meter.look(2e6, 0, 1, 0)).toMatchObject({ asi: 1, asiTrend: -1 })
  })
})
