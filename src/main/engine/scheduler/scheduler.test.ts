import { describe, expect, it } from 'vitest'
import { GuardhouseError } from '../../../shared/errors.ts'
import { findEntries } from '../../entries.ts'
import { MonotonicClock } from '../workers/worker-clock.ts'
import { TestScheduler, topologyOf } from './scheduler.fixture.ts'
import { Scheduler } from './scheduler.ts'
import { until } from './until.fixture.ts'

describe('a scheduler', () => {
  it('keeps what is submitted before it starts, and runs it then, in order', async () => {
    await using test = await TestScheduler.create({ started: false })
    const tokens = [1, 2, 3].map((number) => test.submit('count', number))
    for (const token of tokens) expect(test.stateOf(token)).toBe('WAITING')
    expect(test.stats.workers).toEqual([])
    await test.scheduler.start()
    expect(await Promise.all(tokens)).toEqual([1, 2, 3])
  })

  it('starts once', async () => {
    await using test = await TestScheduler.create()
    await expect(test.scheduler.start()).rejects.toMatchObject({
      kind: 'conflict',
      message: expect.stringMatching(/is running/),
    })
  })

  it('refuses an operation that it does not know, and names some that it does', async () => {
    await using test = await TestScheduler.create()
    expect(() => test.submit('noop2')).toThrow(
      expect.objectContaining({
        kind: 'not-found',
        message: expect.stringMatching(/no operation "noop2"/),
        hint: 'Did you mean noop?',
      }),
    )
    expect(() => test.submit('something.else')).toThrow(
      expect.objectContaining({ hint: expect.stringMatching(/^Known are noop, echo, .*, …\.$/) }),
    )
    expect(test.stats.token_pool.total_created).toBe(0)
  })

  it('says what to do when there is no operation at all', async () => {
    await using test = await TestScheduler.create({ operations: [] })
    expect(() => test.submit('noop')).toThrow(
      expect.objectContaining({ hint: 'No workspace with operations is open, or it is not loaded yet.' }),
    )
  })

  it('refuses options by name before anything is made', () => {
    const { worker, process: processEntry, sdk } = findEntries()
    const make = () =>
      Scheduler.create(
        { mailboxMax: 0 },
        { topology: topologyOf(1), clock: new MonotonicClock(), workerEntry: worker, processEntry, sdkEntry: sdk },
      )
    expect(make).toThrow(GuardhouseError)
    expect(make).toThrow(/mailboxMax is 0, allowed is a whole number from 1 to 4096/)
  })

  it('starts threads when their first token comes, and no others', async () => {
    await using test = await TestScheduler.create({ cores: 3, options: { workersPerCore: 2 } })
    await test.submit('noop')
    expect(test.stats.workers.map(({ core, slot }) => [core, slot])).toEqual([[2, 0]])
    await test.submit('count.heavy', 1)
    expect(test.stats.workers.map(({ core, slot }) => [core, slot])).toEqual([
      [1, 0],
      [2, 0],
    ])
  })

  it('tells when a thread cannot be bound, and uses it all the same', async () => {
    const { cores, ...rest } = topologyOf(1)
    await using test = await TestScheduler.create({
      topology: { ...rest, cores: cores.map((core) => ({ ...core, cpu: 8191 })) },
    })
    const notices: string[] = []
    const forget = test.scheduler.onNotice((notice) => notices.push(`${notice.level}: ${notice.text}`))
    expect(await test.submit('echo', 1)).toBe(1)
    await until('it is told', () => notices.length > 0)
    expect(notices).toEqual([expect.stringMatching(/^warn: Worker 0 of core 1 is not bound: .*8191/)])
    expect(test.worker(1, 0)?.problem).toContain('8191')
    forget()
  })
})

it('runs operations that hold their threads at the same time', async () => {
  await using test = await TestScheduler.create({ cores: 2, options: { workersPerCore: 2, initialPattern: 2 } })
  const tokens = ['hold', 'hold', 'hold.heavy', 'hold.heavy'].map((operation) => test.submit(operation, 1))
  // Each is inside of its operation, before any has come out.
  await test.arrival(1, 4)
  expect(tokens.map((token) => token.settled)).toEqual([false, false, false, false])
  test.board.open(1)
  expect(await Promise.all(tokens)).toEqual([1, 1, 1, 1])
})

it('may be asked and commanded by whoever hears that a token has ended', async () => {
  await using test = await TestScheduler.create({ cores: 2 })
  const others = ['rest.heavy', 'rest.heavy'].map((operation) => test.submit(operation, 1))
  const told = test.submit('echo', 1).then(async () => {
    test.commandOn('kill', ...others)
    const states = others.map((token) => test.stateOf(token))
    test.command('pause', { kind: 'all' })
    const later = test.submit('echo', 2)
    const { KILLED } = test.stats.totals
    test.command('resume', { kind: 'all' })
    return [...states, KILLED, await later]
  })
  expect(await told).toEqual(['KILLED', 'KILLED', 2, 2])
})

describe('the settlement of a token', () => {
  it('is told to whoever asked before its end and after it, whatever way it ended', async () => {
    await using test = await TestScheduler.create()
    const completed = test.submit('echo', 'value')
    const failed = test.submit('fail', 'no')
    const killed = test.submit('rest', 1)
    test.commandOn('kill', killed)
    const late = test.submitWith({ timeout: 20 }, 'listen', 2)
    const all = [completed, failed, killed, late]
    const early = all.map((token) => test.scheduler.settlement(test.idOf(token)))
    const settled = await Promise.all(early)
    expect(settled).toMatchObject([
      { sequence: 1, state: 'COMPLETED', value: 'value', error: null },
      { sequence: 2, state: 'FAILED', error: { kind: 'operation-failed', message: 'no' } },
      { sequence: 3, state: 'KILLED', error: { kind: 'killed' } },
      { sequence: 4, state: 'TIMEOUT', error: { kind: 'timeout' } },
    ])
    const afterwards = all.map((token) => test.scheduler.settlement(test.idOf(token)))
    expect(await Promise.all(afterwards)).toEqual(settled)
  })
})
