import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { assertDefined } from '../../../shared/assert.ts'
import { TemporaryFolder } from '../workspace/temporary-folder.fixture.ts'
import { cpusOfThread } from './kernel-view.fixture.ts'
import type { Notice } from './notices.ts'
import { TestScheduler } from './scheduler.fixture.ts'
import { until } from './until.fixture.ts'

const mailbox = 30

afterEach(() => {
  vi.unstubAllEnvs()
})

/** What kills a thread from inside, and what is said of it. */
const deaths: readonly { how: string; operation: string; values: unknown[]; cause: RegExp }[] = [
  { how: 'process.exit', operation: 'exit', values: [7], cause: /exit code 7/ },
  { how: 'process.exit with code 0', operation: 'exit', values: [0], cause: /exit code 0/ },
  {
    how: 'an error in a timer',
    operation: 'throw.later',
    values: [],
    cause: /thrown by a timer/,
  },
  { how: 'something thrown that is no error', operation: 'throw.nothing.later', values: [], cause: /undefined/ },
  { how: 'an unhandled rejection', operation: 'reject.unheard', values: [], cause: /rejected and not heard/ },
  { how: 'too many objects for its heap', operation: 'exhaust', values: [], cause: /out of heap/ },
]

describe('a thread that dies of', () => {
  it.each(deaths)(
    '$how fails the running token with that cause; the rest of its mailbox runs once, on the same cpu',
    async (death) => {
      await using test = await TestScheduler.create({ cores: 2, options: { workerHeapMiB: 96, stealing: false } })
      await test.submit('echo.async', 'started')
      const before = await test.readyWorker(2, 0)
      const executing = test.submit('hold', 1)
      await test.arrival(1)
      const victim = test.submit(death.operation, ...death.values)
      const rest = Array.from({ length: mailbox }, (_, number) => test.submit('count', number))
      test.board.open(1)
      expect(await executing).toBe(1)

      const error: unknown = await victim.then(
        () => 'completed',
        (reason: unknown) => reason,
      )
      expect(error).toMatchObject({ kind: 'worker-lost', message: expect.stringMatching(death.cause) })
      expect(test.stateOf(victim)).toBe('FAILED')
      await Promise.all(rest)
      expect(test.board.firstRuns(mailbox)).toEqual(Array.from({ length: mailbox }, () => 1))

      const after = await test.readyWorker(2, 0)
      expect(after).toMatchObject({ confirmed: [before.asked], problem: null, restarts: 1 })
      expect(after.threadId).not.toBe(before.threadId)
      if (process.platform === 'linux') {
        expect(cpusOfThread(assertDefined(after.threadId, 'Linux tells it'))).toEqual([before.asked])
      }
    },
  )

  it.each(['leave.a.bomb', 'leave.a.rejection'])(
    '%s: what an ended token left behind, harms no token',
    async (operation) => {
      await using test = await TestScheduler.create()
      const notices: Notice[] = []
      test.scheduler.onNotice((notice) => notices.push(notice))
      await test.submit(operation)
      await until('the thread is replaced', () => notices.some((notice) => notice.text.includes('left behind')))
      expect(await test.submit('count.async', 1)).toBe(1)
      expect(test.stats.totals).toMatchObject({ COMPLETED: 2, FAILED: 0 })
    },
  )

  it('its error keeps name, stack and cause for whoever looks', async () => {
    await using test = await TestScheduler.create()
    const victim = test.submit('throw.later')
    await victim.then(
      () => undefined,
      () => undefined,
    )
    const cause = test.detailOf(victim).error?.cause
    expect(cause).toMatchObject({ kind: 'worker-lost', cause: { name: 'RangeError', message: 'thrown by a timer' } })
    expect(cause?.cause?.stack).toContain('operations.fixture')
  })
})

describe('what a thread did before it died', () => {
  it('stays done: small and large results of tokens that ended before', async () => {
    await using test = await TestScheduler.create()
    const executing = test.submit('hold', 1)
    await test.arrival(1)
    const before = [
      test.submit('echo', 'small'),
      test.submit('echo', new Map([['large', new Uint8Array(100_000).fill(9)]])),
      test.submit('fail', 'on purpose'),
    ]
    const victim = test.submit('exit', 1)
    test.board.open(1)
    await executing
    const [small, large, failed] = await Promise.allSettled(before)
    await expect(victim.outcome).rejects.toMatchObject({ kind: 'worker-lost' })
    expect(small).toEqual({ status: 'fulfilled', value: 'small' })
    expect(large).toEqual({ status: 'fulfilled', value: new Map([['large', new Uint8Array(100_000).fill(9)]]) })
    expect(failed).toMatchObject({ status: 'rejected', reason: { kind: 'operation-failed', message: 'on purpose' } })
  })
})

describe('threads that die one after the other', () => {
  it('each take one token with them and no other', async () => {
    await using test = await TestScheduler.create()
    const tokens = Array.from({ length: 12 }, (_, number) =>
      number % 3 === 0 ? test.submit('exit', number) : test.submit('count', number),
    )
    const outcomes = await Promise.allSettled(tokens)
    expect(outcomes.map((outcome) => outcome.status)).toEqual(
      tokens.map((_, number) => (number % 3 === 0 ? 'rejected' : 'fulfilled')),
    )
    expect(test.board.firstRuns(12)).toEqual(tokens.map((_, number) => (number % 3 === 0 ? 0 : 1)))
    expect(test.worker(1, 0)?.restarts).toBe(4)
  })

  it('before they are ready are told, started ever more seldom, and given up when the scheduler stops', async () => {
    const notices: Notice[] = []
    const test = await TestScheduler.create({ workerEntry: new URL('./failing-entry.fixture.ts', import.meta.url) })
    test.scheduler.onNotice((notice) => notices.push(notice))
    const token = test.submit('noop')
    await until('that is told', () => notices.some((notice) => /died 3 times while starting/.test(notice.text)))
    const [told] = notices.filter((notice) => notice.level === 'error')
    const since = assertDefined(told, 'it was told').at
    await until('half a second has passed', () => test.clock.now() > since + 500_000)
    // The next try is a second after the third death; on a busy machine it may have been by the time we look.
    const deaths = notices.filter((notice) => notice.text.includes('lost its thread'))
    expect(deaths.filter(({ at }) => at < since + 900_000)).toHaveLength(3)
    expect(test.stateOf(token)).toBe('ADMITTED')
    await test.scheduler.stop({ mode: 'abort' })
    await expect(token.outcome).rejects.toMatchObject({ kind: 'killed' })
  })

  it('serve what waited outside of their mailboxes once they live again', async () => {
    using folder = new TemporaryFolder()
    vi.stubEnv('FAILS_UNTIL', join(folder.path, 'mended'))
    const workerEntry = new URL('./failing-until-entry.fixture.ts', import.meta.url)
    await using test = await TestScheduler.create({ workerEntry, options: { mailboxMax: 1 } })
    const notices: Notice[] = []
    test.scheduler.onNotice((notice) => notices.push(notice))
    const inTheMailbox = test.submit('noop')
    const outside = test.submit('noop')
    await until('that is told', () => notices.some((notice) => /died 3 times while starting/.test(notice.text)))
    for (const token of [inTheMailbox, outside])
      await until('why it waits is said', () => /died again and again/.test(test.detailOf(token).waitingBecause ?? ''))
    // Its end in a mailbox would have the other looked at.
    test.commandOn('kill', inTheMailbox)
    await expect(inTheMailbox.outcome).rejects.toMatchObject({ kind: 'killed' })
    folder.write('mended', '')
    await outside.outcome
  })
})
