import { describe, expect, it } from 'vitest'
import { workerStates } from '../../../shared/contract/system.ts'
import { TestScheduler } from './scheduler.fixture.ts'
import { until } from './until.fixture.ts'

const nothing = { cores: [], threads: new Map() }

async function settleAll(test: TestScheduler): Promise<void> {
  await Promise.allSettled([
    test.submit('count', 1),
    test.submit('count.heavy', 2),
    test.submit('fail', 'no'),
    test.submit('lead', 'count', 3),
  ])
}

describe('the figures', () => {
  it('count what was created, admitted, executed and ended, also by operation', async () => {
    await using test = await TestScheduler.create({ cores: 2, options: { stealing: false } })
    await settleAll(test)
    const killed = test.submit('noop')
    test.commandOn('kill', killed)
    const { token_pool, admission_gate, worker_queue, totals, affinity_distribution } = test.stats
    expect(token_pool).toMatchObject({
      total_created: 6,
      total_killed: 1,
      total_admitted: 5,
      current_tokens: 6,
      paused: false,
    })
    expect(token_pool.tokens_by_state).toMatchObject({ COMPLETED: 4, FAILED: 1, KILLED: 1, WAITING: 0, EXECUTING: 0 })
    expect(totals).toEqual(token_pool.tokens_by_state)
    expect(admission_gate).toMatchObject({ active: true, total_admitted: 5 })
    expect(worker_queue).toMatchObject({ num_cores: 2, total_workers: 2, total_executed: 5, total_failed: 1 })
    expect(affinity_distribution).toEqual({
      core_1: { heavy: 1, medium: 0, light: 0, total_tasks: 1 },
      core_2: { heavy: 0, medium: 4, light: 0, total_tasks: 4 },
    })
    const fail = test.scheduler.reports.operations().find((each) => each.operation === 'fail')
    expect(fail).toMatchObject({ weight: 'medium', paused: false, runnable: true, counts: { FAILED: 1 } })
    expect(fail?.runs.samples).toBe(1)
  })

  it('say what waits and is held, and what runs', async () => {
    await using test = await TestScheduler.create({ options: { mailboxMax: 2 } })
    const executing = test.submit('hold', 1)
    await test.arrival(1)
    const admitted = test.submit('count', 1)
    await until('it is in the mailbox', () => test.stateOf(admitted) === 'ADMITTED')
    const waiting = test.submit('count', 2)
    test.command('pause', { kind: 'operation', operation: 'echo' })
    test.submit('echo', 1)
    test.command('pause', { kind: 'all' })
    expect(test.scheduler.reports.frame(nothing)).toMatchObject({
      gatePaused: 1,
      heldNow: 1,
      waitingNow: 2,
      admittedNow: 1,
      executingNow: 1,
      created: 4,
      tokensKept: 4,
      tokensEvicted: 0,
    })
    expect(test.stats.admission_gate.active).toBe(false)
    test.command('resume', { kind: 'all' })
    test.board.open(1)
    await Promise.all([executing, admitted, waiting])
  })

  it('show each worker with what it was asked, what it is bound to, and what it runs', async () => {
    await using test = await TestScheduler.create()
    const token = test.submit('hold', 1)
    await test.arrival(1)
    const { asked, threadId } = await test.readyWorker(1, 0)
    expect(test.worker(1, 0)).toMatchObject({
      state: 'running',
      confirmed: [asked],
      mailboxDepth: 1,
      executed: 0,
      restarts: 0,
      running: test.idOf(token),
    })
    expect(test.scheduler.reports.workerThreads()).toEqual([{ threadId, cpu: asked, bound: true }])
    const { workers } = test.scheduler.reports.frame(nothing)
    expect(workerStates[workers.state[0] ?? -1]).toBe('running')
    expect([workers.asked[0], workers.confirmed[0], workers.lastCpu[0]]).toEqual([asked, asked, -1])
    expect(workers.running[0]).toBe(token.sequence)
    test.board.open(1)
    await token
    expect(test.worker(1, 0)).toMatchObject({ state: 'idle', mailboxDepth: 0, executed: 1, running: null })
  })

  it('take the readings of the machine as they are given', async () => {
    await using test = await TestScheduler.create()
    await test.submit('noop')
    const { threadId } = await test.readyWorker(1, 0)
    const threads = new Map([[threadId ?? -1, { lastCpu: 5, drifts: 2, cpuShare: 0.25 }]])
    const cores = [{ core: 1, cpu: 0, ours: 0.5, others: 0.25, idle: 0.25 }]
    expect(test.scheduler.reports.stats({ cores, threads })).toMatchObject({
      cores: [{ ours: 0.5, others: 0.25, idle: 0.25 }],
      workers: [{ lastCpu: 5, drifts: 2 }],
    })
    const frame = test.scheduler.reports.frame({ cores, threads })
    expect([frame.cores.ours[0], frame.workers.lastCpu[0], frame.workers.drifts[0], frame.workers.cpuShare[0]]).toEqual(
      [0.5, 5, 2, 0.25],
    )
  })

  it('have waits, runs and throughput once something has run', async () => {
    await using test = await TestScheduler.create()
    expect(test.scheduler.reports.frame(nothing).waitP50).toBeNaN()
    expect(test.stats.throughputPerSecond).toBe(0)
    await Promise.all(Array.from({ length: 200 }, () => test.submit('noop')))
    const { waits, runs, throughputPerSecond } = test.stats
    expect(waits.samples).toBe(200)
    expect(runs.samples).toBe(200)
    for (const { p50, p95, p99 } of [waits, runs]) {
      expect(Number(p50)).toBeLessThanOrEqual(Number(p95))
      expect(Number(p95)).toBeLessThanOrEqual(Number(p99))
      expect(Number(p50)).toBeGreaterThanOrEqual(0)
    }
    expect(throughputPerSecond).toBeGreaterThan(0)
  })
})
