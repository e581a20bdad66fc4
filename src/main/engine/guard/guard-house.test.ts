import { describe, expect, it } from 'vitest'
import { assertDefined } from '../../../shared/assert.ts'
import { GuardhouseError } from '../../../shared/errors.ts'
import { TestScheduler } from '../scheduler/scheduler.fixture.ts'
import { until } from '../scheduler/until.fixture.ts'

function refusal(run: () => unknown): GuardhouseError {
  try {
    run()
  } catch (error) {
    if (error instanceof GuardhouseError) return error
    throw error
  }
  throw new Error('accepted')
}

function known(test: TestScheduler, operation: string) {
  return test.scheduler.guard.operations().find((guarded) => guarded.operation === operation)
}

async function runAll(test: TestScheduler, operation: string, times: number): Promise<void> {
  await Promise.allSettled(Array.from({ length: times }, () => test.submit(operation)))
}

async function settled(token: PromiseLike<unknown>): Promise<void> {
  await Promise.allSettled([token])
}

const eager = { autoBlockDangerous: true, blockMinimumAttempts: 10, blockProbeMs: 86_400_000 }

describe('reputation', () => {
  it('is kept for each operation, and its health follows every run', async () => {
    await using test = await TestScheduler.create()
    await runAll(test, 'noop', 8)
    await runAll(test, 'fail', 8)
    expect(known(test, 'noop')).toMatchObject({
      total_attempts: 8,
      successful_completions: 8,
      health_status: 'excellent',
    })
    expect(known(test, 'fail')).toMatchObject({
      total_attempts: 8,
      failed_executions: 8,
      quick_failure_count: 8,
      health_status: 'problematic',
    })
    expect(known(test, 'fail')?.failures[0]).toMatchObject({ count: 8, kind: 'operation-failed' })
    expect(known(test, 'fail')?.failures[0]?.token).not.toBeNull()
    const { guard_house } = test.scheduler.guard.report()
    expect(guard_house).toMatchObject({ total_methods_tracked: 2, total_executions_monitored: 16 })
    expect(guard_house.health_distribution).toMatchObject({ excellent: 1, problematic: 1 })
  })

  it('is that of the operation, whatever its function or the end of its name is called', async () => {
    await using test = await TestScheduler.create()
    await Promise.all([1, 2, 3].map((value) => test.submit('count.async', value)))
    await Promise.all([1, 2].map((value) => test.submit('echo.async', value)))
    expect(known(test, 'count.async')).toMatchObject({ total_attempts: 3 })
    expect(known(test, 'echo.async')).toMatchObject({ total_attempts: 2 })
  })

  it('counts a time-out as such, and a kill as nobody’s fault', async () => {
    await using test = await TestScheduler.create()
    await settled(test.submitWith({ timeout: 20 }, 'obey', 1))
    const killed = test.submit('hold', 1)
    await test.arrival(1)
    test.commandOn('kill', killed)
    await settled(killed)
    expect(known(test, 'obey')).toMatchObject({ timeout_count: 1, failed_executions: 1 })
    expect(known(test, 'hold')).toMatchObject({ killed_count: 1, total_attempts: 0 })
  })
})

describe('an operation that nearly always fails', () => {
  it('is not blocked unless that is asked for', async () => {
    await using test = await TestScheduler.create()
    await runAll(test, 'fail', 30)
    expect(known(test, 'fail')?.block).toBeNull()
  })

  it('is refused at submission, with what to do, and others are not', async () => {
    await using test = await TestScheduler.create({ options: eager })
    await runAll(test, 'fail', 10)
    const error = refusal(() => test.submit('fail'))
    expect(error.kind).toBe('not-allowed')
    expect(error.message).toBe('operation "fail" is blocked: 10 of 10 runs failed')
    expect(error.hint).toContain('guard.unblock')
    expect(await test.submit('echo', 1)).toBe(1)
    expect(known(test, 'fail')?.block).toMatchObject({ state: 'blocked', refused: 1, by: 'guard house' })
  })

  it('is blocked only once its share of failures is above the limit', async () => {
    await using test = await TestScheduler.create({ options: { ...eager, blockFailureRate: 50 } })
    await Promise.all([1, 2, 3, 4, 5].map((value) => test.submit('echo', value)))
    // A function cannot cross to a worker, so these calls fail.
    for (let run = 0; run < 5; run++) await settled(test.submit('echo', () => run))
    await until('all are counted', () => known(test, 'echo')?.total_attempts === 10)
    expect(known(test, 'echo')).toMatchObject({ failed_executions: 5, block: null })
    await settled(test.submit('echo', () => 'once more'))
    await until('this one too', () => known(test, 'echo')?.total_attempts === 11)
    expect(known(test, 'echo')?.block).toMatchObject({ state: 'blocked', reason: '6 of 11 runs failed' })
  })

  it('is refused to a running lead as well', async () => {
    await using test = await TestScheduler.create({ options: { ...eager, workersPerCore: 2 } })
    await runAll(test, 'fail', 10)
    await expect(test.submit('launch', 'fail')).rejects.toThrow('is blocked')
  })

  it('may be called again once a person unblocks it, and is judged by what follows', async () => {
    await using test = await TestScheduler.create({ options: eager })
    const { guard } = test.scheduler
    await runAll(test, 'fail', 10)
    expect(guard.house.unblock(guard.operation('fail'), 'Ada')).toBe(true)
    await runAll(test, 'fail', 9)
    expect(known(test, 'fail')?.block).toBeNull()
    await runAll(test, 'fail', 1)
    expect(known(test, 'fail')?.block).not.toBeNull()
  })
})

describe('a probe', () => {
  it('is let through when its time has come, one at a time, and waits longer after it failed', async () => {
    await using test = await TestScheduler.create({ options: { ...eager, blockProbeMs: 10 } })
    await runAll(test, 'fail', 10)
    await until('the probe is due', () => known(test, 'fail')?.block?.state === 'half-open')
    const probe = test.submit('fail')
    expect(known(test, 'fail')?.block?.state).toBe('probing')
    expect(refusal(() => test.submit('fail')).hint).toContain('the probe that is under way')
    const hourMs = 3_600_000
    test.scheduler.liveOptions.set({ blockProbeMs: hourMs })
    await settled(probe)
    const { failedProbes, probeIn } = assertDefined(known(test, 'fail')?.block, 'it is blocked still')
    expect(failedProbes).toBe(1)
    // Twice as long, less what has passed since.
    expect(probeIn).toBeGreaterThan(1.5 * hourMs * 1000)
  })

  it('frees the operation when it completes', async () => {
    await using test = await TestScheduler.create({ options: { ...eager, blockProbeMs: 10 } })
    // A function cannot cross to a worker, so these calls fail.
    for (let run = 0; run < 10; run++) await settled(test.submit('echo', () => run))
    await until('the probe is due', () => known(test, 'echo')?.block?.state === 'half-open')
    expect(await test.submit('echo', 1)).toBe(1)
    await until('the probe has been judged', () => known(test, 'echo')?.block === null)
    expect(await test.submit('echo', 2)).toBe(2)
  })

  it('that is killed is no verdict: the next call is the probe', async () => {
    await using test = await TestScheduler.create({ options: { ...eager, blockProbeMs: 10 }, started: true })
    await runAll(test, 'fail', 10)
    await until('the probe is due', () => known(test, 'fail')?.block?.state === 'half-open')
    test.command('pause', { kind: 'operation', operation: 'fail' })
    const probe = test.submit('fail')
    test.commandOn('kill', probe)
    await settled(probe)
    expect(known(test, 'fail')?.block?.state).toBe('half-open')
  })

  it('whose arguments are held back is none: the next call is the probe', async () => {
    const options = { ...eager, blockMinimumAttempts: 11, blockFailureRate: 1, blockProbeMs: 10 }
    await using test = await TestScheduler.create({ options: { ...options, spikeDetection: 'quarantine' } })
    for (let call = 0; call < 10; call++) await test.submit('echo', 'x'.repeat(400))
    await settled(test.submit('echo', () => 'fails'))
    await until('the probe is due', () => known(test, 'echo')?.block?.state === 'half-open')
    expect(refusal(() => test.submit('echo', 'x'.repeat(200_000))).message).toContain('is in quarantine')
    expect(known(test, 'echo')?.block?.state).toBe('half-open')
    expect(await test.submit('echo', 'y')).toBe('y')
    await until('the probe has been judged', () => known(test, 'echo')?.block === null)
  })
})

it('blocks by hand for as long as nobody unblocks it', async () => {
  await using test = await TestScheduler.create()
  const { guard } = test.scheduler
  guard.house.block(guard.operation('noop'), 'it is being replaced', 'Ada')
  expect(refusal(() => test.submit('noop')).message).toContain('it is being replaced')
  expect(known(test, 'noop')?.block?.probeIn).toBeNull()
  expect(refusal(() => guard.house.block(guard.operation('noop'), '', 'Ada')).kind).toBe('conflict')
  expect(refusal(() => guard.operation('nowhere')).kind).toBe('not-found')
})

describe('arguments far beyond what is usual', () => {
  const usual = 'x'.repeat(400)
  const huge = 'x'.repeat(200_000)

  async function trained(options: Record<string, unknown>) {
    const test = await TestScheduler.create({ options })
    for (let call = 0; call < 10; call++) await test.submit('echo', usual)
    return test
  }

  it('are only reported by default', async () => {
    await using test = await trained({})
    expect(await test.submit('echo', huge)).toBe(huge)
    expect(test.scheduler.guard.report().spike_detector).toMatchObject({ input_spikes: 1, total_quarantined: 0 })
    expect(test.scheduler.log.query({ channels: ['guard'] }, 10).lines[0]?.text).toContain('times the usual score')
  })

  it('are held back when asked to, run for real once approved, and can be rejected', async () => {
    await using test = await trained({ spikeDetection: 'quarantine' })
    const { house } = test.scheduler.guard
    const error = refusal(() => test.submit('echo', huge))
    expect(error.message).toContain('is in quarantine')
    expect(error.hint).toContain('call 1')
    void refusal(() => test.submit('echo', `${huge}!`))
    expect(house.quarantine.list(true).map((entry) => entry.id)).toEqual([2, 1])
    const usualCalls = () => known(test, 'echo')?.spikes.calls
    expect(usualCalls()).toBe(10)
    const handles: PromiseLike<unknown>[] = []
    house.approve(1, 'Ada', ({ operation, values, settings }) => {
      const handle = test.scheduler.submit(operation, values, { ...settings, approved: true })
      handles.push(handle)
      return test.scheduler.idOf(handle.sequence)
    })
    expect(await handles[0]).toBe(huge)
    house.reject(2, 'Ada')
    // What was approved is usual from now on, what was rejected is not.
    expect(usualCalls()).toBe(11)
    expect(house.quarantine.list(false)).toMatchObject([
      { id: 2, status: 'rejected', values: null, reviewedBy: 'Ada' },
      { id: 1, status: 'approved', values: null },
    ])
    expect(refusal(() => house.reject(2, 'Ada')).message).toContain('rejected by Ada already')
  })

  it('wait within a bound: the oldest gives up its arguments', async () => {
    await using test = await trained({ spikeDetection: 'quarantine', quarantineMax: 1 })
    void refusal(() => test.submit('echo', huge))
    void refusal(() => test.submit('echo', huge))
    const { quarantine } = test.scheduler.guard.house
    expect(quarantine.list(false)).toMatchObject([
      { id: 2, status: 'pending' },
      { id: 1, status: 'expired', values: null },
    ])
  })
})

it('dumps what ended in the form of the original, oldest first, without a token that never ran', async () => {
  await using test = await TestScheduler.create()
  await test.submit('noop')
  await settled(test.submit('fail'))
  test.command('pause', { kind: 'all' })
  const never = test.submit('noop')
  test.commandOn('kill', never)
  const executions = test.scheduler.guard.recentExecutions(10)
  expect(executions).toMatchObject([
    { operation_type: 'noop', method_name: 'noop', success: true, core_id: 1, worker_id: 0 },
    { operation_type: 'fail', success: false },
  ])
  expect(executions[0]?.timestamp).toBeLessThanOrEqual(executions[1]?.timestamp ?? 0)
  expect(Math.abs((executions[0]?.timestamp ?? 0) - Date.now() / 1000)).toBeLessThan(600)
  expect(test.scheduler.guard.recentExecutions(1)).toMatchObject([{ operation_type: 'fail' }])
})

it('counts threads’ work by operation and core, failures apart from completions', async () => {
  await using test = await TestScheduler.create()
  await runAll(test, 'noop', 3)
  await runAll(test, 'fail', 2)
  const { threading_metrics: metrics, affinity } = test.scheduler.guard.report()
  expect(metrics.tasks.submitted).toMatchObject({ noop: 3, fail: 2 })
  expect(metrics.tasks.completed).toMatchObject({ 'noop:core_1': 3, 'fail:core_1': 0 })
  expect(metrics.tasks.failed).toMatchObject({ 'noop:core_1': 0, 'fail:core_1': 2 })
  expect(metrics.duration['noop:core_1']).toMatchObject({ count: 3 })
  expect(metrics.wait.core_1).toMatchObject({ count: 5 })
  expect(metrics.gauges.worker_pattern).toEqual({ core_1: 1 })
  expect(affinity.core_1).toMatchObject({ medium: 100, total_tasks: 5 })
})
