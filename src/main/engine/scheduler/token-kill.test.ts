import { execFileSync } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { assertDefined } from '../../../shared/assert.ts'
import { TemporaryFolder } from '../workspace/temporary-folder.fixture.ts'
import { cpusOfThread } from './kernel-view.fixture.ts'
import { TestScheduler } from './scheduler.fixture.ts'
import { until } from './until.fixture.ts'

const longGrace = { killGraceMs: 600_000 }
const shortGrace = { killGraceMs: 20 }

describe('a killed token that obeys its signal', () => {
  it.each([
    ['in a loop that never yields', 'obey'],
    ['when it hears the event', 'listen'],
  ])('%s is settled at once, and its thread is kept', async (_how, operation) => {
    await using test = await TestScheduler.create({ options: longGrace })
    const token = test.submit(operation, 1)
    await test.arrival(1)
    const behind = test.submit('count', 1)
    expect(test.commandOn('kill', token).affected).toBe(1)
    expect(test.detailOf(token)).toMatchObject({ state: 'KILLED', error: { kind: 'killed' } })
    await expect(token.outcome).rejects.toMatchObject({ kind: 'killed', message: 'killed by a test: the test says so' })
    expect(await behind).toBe(1)
    expect(test.worker(1, 0)?.restarts).toBe(0)
  })

  it('has its late outcome dropped', async () => {
    await using test = await TestScheduler.create({ options: longGrace })
    const token = test.submit('hold', 1)
    await test.arrival(1)
    test.commandOn('kill', token)
    const killed = test.detailOf(token)
    expect(killed).toMatchObject({ state: 'KILLED', stopping: true, result: null })
    expect(test.worker(1, 0)?.state).toBe('stopping')
    test.board.open(1)
    await test.submit('noop')
    const after = test.detailOf(token)
    expect(after).toMatchObject({ state: 'KILLED', stopping: false, result: null, error: killed.error })
    expect(after.times).toEqual(killed.times)
    expect(test.stats.token_pool.tokens_by_state).toMatchObject({ KILLED: 1, COMPLETED: 1, EXECUTING: 0 })
  })
})

describe('a killed token that ignores its signal', () => {
  it.each(['spin', 'hang', 'hang.yielding'])(
    '%s loses its thread after the grace period; a new one is bound to the same cpu, and the mailbox goes on',
    async (operation) => {
      await using test = await TestScheduler.create({ cores: 2, options: { ...shortGrace, stealing: false } })
      await test.submit('echo.async', 'started')
      const token = test.submit(operation, 1)
      await test.arrival(1)
      const behind = Array.from({ length: 20 }, (_, number) => test.submit('count', number))
      const before = await test.readyWorker(2, 0)
      test.commandOn('kill', token)
      expect(test.stateOf(token)).toBe('KILLED')
      await Promise.all(behind)
      const after = await test.readyWorker(2, 0)

      expect(test.board.firstRuns(20)).toEqual(Array.from({ length: 20 }, () => 1))
      expect(after).toMatchObject({ asked: before.asked, confirmed: [before.asked], problem: null, restarts: 1 })
      expect(after.threadId).not.toBe(before.threadId)
      if (process.platform === 'linux') {
        expect(cpusOfThread(assertDefined(after.threadId, 'Linux tells it'))).toEqual([before.asked])
      }
      expect(test.detailOf(token)).toMatchObject({ state: 'KILLED', stopping: false })
    },
  )

  // Elsewhere there are no named pipes.
  it.skipIf(process.platform === 'win32')(
    'loses a thread that nothing can end: it is left behind, and the mailbox goes on',
    async () => {
      using folder = new TemporaryFolder()
      const pipe = join(folder.path, 'pipe')
      execFileSync('mkfifo', [pipe])
      await using test = await TestScheduler.create({ options: shortGrace })
      const notices: string[] = []
      test.scheduler.onNotice(({ text }) => notices.push(text))
      const token = test.submit('open.pipe', 1, pipe)
      await test.arrival(1)
      const behind = test.submit('count', 1)
      test.commandOn('kill', token)
      expect(await behind).toBe(1)
      expect(test.worker(1, 0)?.restarts).toBe(1)
      expect(notices.join()).toContain('nothing can interrupt what it does')
      // Lets the thread end after all.
      closeSync(openSync(pipe, 'w'))
    },
  )

  it('is given the whole grace period', async () => {
    await using test = await TestScheduler.create({ options: { killGraceMs: 300 } })
    const token = test.submit('hang', 1)
    await test.arrival(1)
    test.commandOn('kill', token)
    const killedAt = assertDefined(test.detailOf(token).times.ended, 'a killed token has ended')
    await until('its thread is replaced', () => (test.worker(1, 0)?.restarts ?? 0) > 0)
    expect(test.clock.now() - killedAt).toBeGreaterThanOrEqual(300_000)
  })

  it('loses its thread also when it waited for a child when its grace period was over', async () => {
    await using test = await TestScheduler.create({ options: { ...shortGrace, workersPerCore: 2 } })
    const lead = test.submit('lead.then.spin', 2, 'rest', 1)
    await test.arrival(1)
    test.commandOn('kill', lead)
    const { ended } = test.detailOf(lead).times
    await until('its grace period is over', () => test.clock.now() > assertDefined(ended, 'it has ended') + 100_000)
    // From now on it may lose its thread at any moment, be it before it goes on.
    test.board.open(1)
    await until('nothing of it is left', () => !test.detailOf(lead).stopping)
    expect(test.stats.workers.reduce((sum, worker) => sum + worker.restarts, 0)).toBe(1)
  })

  it('loses its thread also when a child of it waits for that very thread', async () => {
    await using test = await TestScheduler.create({ options: shortGrace })
    const token = test.submit('launch.then.spin', 1, 'count', 5)
    await test.arrival(1)
    await until('its child is accepted', () => test.detailOf(token).children.total === 1)
    test.commandOn('kill', token)
    await until('nothing of it is left', () => !test.detailOf(token).stopping)
    await until('its child has run', () => test.board.runs(5) === 1)
  })

  it('loses its thread also when another token that had lent it holds it too', async () => {
    await using test = await TestScheduler.create({ options: { ...shortGrace, workersPerCore: 2, mailboxMax: 2 } })
    // The lead lends its thread while its child waits on the other worker, whose mailbox is full.
    const lead = test.submit('lead.then.rest', 2, 'rest', 1)
    await test.arrival(1)
    const behindChild = test.submit('noop')
    const hanging = test.submit('hang', 3)
    await test.arrival(3)
    // When its child has ended, the lead goes on beside what runs there meanwhile.
    test.board.open(1)
    await test.arrival(2)
    test.commandOn('kill', hanging)
    await until('nothing of it is left', () => !test.detailOf(hanging).stopping)
    await Promise.allSettled([lead, behindChild])
    expect(await test.submit('echo', 'after')).toBe('after')
  })
})

describe('two killed tokens on one thread', () => {
  it('both hear of it, the busy one and the one that waits for its child', async () => {
    await using test = await TestScheduler.create({ options: longGrace })
    const lead = test.submit('lead.slow', 'hold.then.obey', 1)
    await test.arrival(1)
    const busy = assertDefined(test.detailOf(lead).children.first[0], 'the lead has a child')
    // The child is told first; what is told to the lead must not make the thread forget it.
    test.command('kill', { kind: 'tokens', ids: [busy, test.idOf(lead)] })
    test.board.open(1)
    expect(await test.submit('echo', 'after')).toBe('after')
    expect(test.worker(1, 0)?.restarts).toBe(0)
  })
})

describe('killing', () => {
  it('a token that has not begun on its starting thread leaves nothing of it', async () => {
    await using test = await TestScheduler.create()
    const token = test.submit('count', 1)
    await until('it is in the mailbox', () => test.stateOf(token) === 'ADMITTED')
    test.commandOn('kill', token)
    expect(await test.submit('count', 2)).toBe(2)
    expect(test.board.firstRuns(3)).toEqual([0, 0, 1])
  })

  it('many waiting tokens leaves the order and the runs of the others', async () => {
    await using test = await TestScheduler.create({ options: { mailboxMax: 10 } })
    const executing = test.submit('hold', 1)
    await test.arrival(1)
    const tokens = Array.from({ length: 100 }, (_, number) => test.submit('count', number))
    const odd = tokens.filter((_, number) => number % 2 === 1)
    const even = tokens.filter((_, number) => number % 2 === 0)
    expect(test.commandOn('kill', ...odd)).toEqual({ affected: 50, alreadyEnded: 0, untouched: 0 })
    test.board.open(1)
    await executing
    await Promise.all(even)
    expect(test.board.firstRuns(100)).toEqual(Array.from({ length: 100 }, (_, number) => 1 - (number % 2)))
  })

  it('what fills a mailbox, while its worker is busy, leaves the way free for what comes then', async () => {
    await using test = await TestScheduler.create({ options: { mailboxMax: 4 } })
    const executing = test.submit('leave.a.block', 1, 2)
    await test.arrival(1)
    for (let round = 0; round < 10; round++) {
      const tokens = Array.from({ length: 6 }, () => test.submit('count', 0))
      await Promise.resolve()
      test.commandOn('kill', ...tokens)
    }
    const last = test.submit('count', 1)
    // The worker ends its token before it comes by the places that the killed ones have left in its mailbox.
    test.board.open(1)
    await executing
    await test.arrival(2)
    test.board.open(2)
    expect(await last).toBe(1)
    expect(test.board.runs(0)).toBe(0)
  })

  it('a token whose place in the table serves another one by now does not touch that one', async () => {
    const historyMax = 100
    await using test = await TestScheduler.create({
      cores: 2,
      options: { killGraceMs: 2000, historyMax, stealing: false },
    })
    // The thread of core 2 runs before the grace period begins, in which the rest has to happen.
    await test.submit('noop')
    const killed = test.submit('hold.heavy', 1)
    await test.arrival(1)
    test.commandOn('kill', killed)
    // Its record leaves the history and its place becomes free, while its code still holds the thread of core 1.
    await Promise.all(Array.from({ length: historyMax }, () => test.submit('noop')))
    const successor = test.submit('count.heavy', 7)
    await until('it is behind the killed one', () => test.stateOf(successor) !== 'WAITING')
    expect(test.stateOf(successor)).toBe('ADMITTED')
    expect(await successor).toBe(7)
    expect(test.board.runs(7)).toBe(1)
  })
})
