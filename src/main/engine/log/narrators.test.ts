import { describe, expect, it } from 'vitest'
import type { LogChannel, LogLine } from '../../../shared/contract/log.ts'
import { runnableOperations, TestScheduler } from '../scheduler/scheduler.fixture.ts'
import { until } from '../scheduler/until.fixture.ts'

const tags = {
  rest: { stickyAnchor: 'book' },
  'rest.heavy': { storageSpeed: 'SLOW' },
  lead: { externalCalls: ['echo'] },
} as const

function talkative(options: Readonly<Record<string, unknown>> = {}, cores = 2): Promise<TestScheduler> {
  return TestScheduler.create({ cores, operations: runnableOperations(tags), options, started: false })
}

async function started(test: TestScheduler, ...channels: LogChannel[]): Promise<(...of: LogChannel[]) => string[]> {
  test.scheduler.log.configure(undefined, Object.fromEntries(channels.map((channel) => [channel, 'debug'])))
  await test.scheduler.start()
  return (...of) => linesOf(test, of).map((line) => line.text)
}

function linesOf(test: TestScheduler, channels: LogChannel[]): readonly LogLine[] {
  return test.scheduler.log.query({ channels }, 1000).lines
}

describe('the log tells', () => {
  it('which key is pinned, who waits for its turn, and when it is free again', async () => {
    await using test = await talkative({ workersPerCore: 2, initialPattern: 2 })
    const texts = await started(test, 'sticky')
    const tokens = [test.submit('rest', 1), test.submit('rest', 1)]
    await test.arrival(1)
    test.board.open(1)
    await Promise.all(tokens)
    expect(texts('sticky').sort()).toEqual([
      expect.stringMatching(/^\S+ is free again$/),
      expect.stringMatching(/^\S+ is pinned to core 2$/),
      expect.stringMatching(/^waits for its turn of \S+ behind rest_\S+, 0 wait before it$/),
    ])
    const states = linesOf(test, ['sticky']).filter(({ level }) => level === 'state')
    expect(states).toMatchObject([{ operation: 'rest', token: expect.stringMatching(/^rest_/) }])
  })

  it('which domain is opened, joined, settled and closed, and who comes too late', async () => {
    await using test = await talkative()
    const texts = await started(test, 'conductor')
    await test.submit('lead', 'echo', 1)
    await until('the domain is closed', () => test.stats.tags.conductor.domains === 0)
    expect(texts('conductor')).toEqual([
      expect.stringMatching(/^opens the domain [0-9a-f]{12}$/),
      expect.stringMatching(/^the domain \S+ stays on core 2$/),
      expect.stringMatching(/^joins the domain \S+ of lead_\S+ as one of 2 that are not over$/),
      expect.stringMatching(/^the domain \S+ is closed after 2 tokens$/),
    ])
  })

  it('who waits for a permit of storage, who gets it, and what a tier lets past', async () => {
    await using test = await talkative({ storageSlow: 1 }, 1)
    const texts = await started(test, 'storage')
    const tokens = [test.submit('rest.heavy', 1), test.submit('rest.heavy', 1)]
    await test.arrival(1)
    test.board.open(1)
    await Promise.all(tokens)
    test.scheduler.liveOptions.set({ storageSlow: 4 })
    expect(texts('storage')).toEqual([
      'waits for a permit of SLOW: 1 of 1 are out, 0 wait before it',
      'has its permit of SLOW now, 1 of 1 are out',
      'SLOW lets 4 past instead of 1; 0 are out',
    ])
  })

  it('where each token goes, and what a core takes from another', async () => {
    await using test = await talkative()
    const texts = await started(test, 'affinity')
    await test.submit('echo', 1)
    const holding = test.submit('hold', 1)
    await test.arrival(1)
    const behind = test.submit('echo', 2)
    await behind
    test.board.open(1)
    await holding
    expect(texts('affinity')[0]).toMatch(/^medium goes to core 2: position \d+$/)
    expect(texts('affinity').join('\n')).toContain('the idle core 1 takes it')
  })

  it('when the scheduler starts and stops, and what it is given', async () => {
    const test = await talkative()
    const texts = await started(test, 'coordinator')
    test.reload()
    test.scheduler.liveOptions.set({ killGraceMs: 5 })
    void test.submit('rest', 1).outcome.catch(() => undefined)
    await test.scheduler.stop({ mode: 'drain', deadlineMs: 0 })
    expect(texts('coordinator')).toEqual([
      'started: 2 cores, 2 workers, 0 tokens wait already',
      expect.stringMatching(/^\d+ operations can be run$/),
      expect.stringMatching(/^option killGraceMs: \d+ → 5$/),
      'stopping (drain for at most 0 ms): 1 tokens have not ended',
      'stopped: 0 tokens completed meanwhile, 1 were killed',
    ])
  })

  it('nothing of all this until it is asked for', async () => {
    await using test = await talkative({ storageSlow: 1 })
    await started(test)
    await Promise.all([test.submit('lead', 'echo', 1), test.submit('echo', 1)])
    expect(linesOf(test, ['sticky', 'conductor', 'storage', 'affinity', 'coordinator'])).toEqual([])
  })
})
