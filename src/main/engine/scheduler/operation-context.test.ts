import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { assertDefined } from '../../../shared/assert.ts'
import { TestScheduler } from './scheduler.fixture.ts'
import type { TokenHandle } from './token-handle.ts'
import { until } from './until.fixture.ts'

/** What a running operation sees and says. */

let test: TestScheduler

beforeAll(async () => {
  test = await TestScheduler.create({ options: { killGraceMs: 600_000 } })
})
afterAll(async () => {
  await test[Symbol.asyncDispose]()
})

/** What is known of the token as soon as it has ended. */
async function ended(token: TokenHandle) {
  await token
  return test.detailOf(token)
}

it('knows its token by the id that the scheduler knows it by, its operation and its attempt', async () => {
  const token = test.submit('describe')
  expect(await token).toEqual({ token: test.idOf(token), operationType: 'describe', attempt: 1 })
})

describe('the log', () => {
  it('keeps level, order, time and text of each line', async () => {
    const { log, times } = await ended(test.submit('log.levels'))
    expect(log.map(({ level, text }) => [level, text])).toEqual([
      ['debug', 'one { two: 2 }'],
      ['info', 'three'],
      ['warn', 'four'],
      ['error', expect.stringContaining('Error: five')],
    ])
    for (const line of log) {
      expect(line.at).toBeGreaterThanOrEqual(assertDefined(times.started, 'it has run'))
      expect(line.at).toBeLessThanOrEqual(assertDefined(times.ended, 'it has ended'))
    }
  })

  it('takes what an operation says on the console', async () => {
    const { log } = await ended(test.submit('console'))
    expect(log.map(({ level, text }) => [level, text])).toEqual([
      ['info', 'said on the console 1 { two: 2 }'],
      ['error', 'complained on the console'],
    ])
  })

  it('keeps the first 500 lines and counts the rest, however many', async () => {
    const { log } = await ended(test.submit('log', 700))
    expect(log).toHaveLength(500)
    expect(log.at(-1)?.text).toBe('line 499')
    const { log: first, logDropped } = await ended(test.submit('log', 25_000))
    expect(first).toHaveLength(500)
    expect(logDropped).toBe(24_500)
    expect(test.scheduler.reports.logLinesDropped).toBe(24_700)
  })

  it('has what a token said before it was killed', async () => {
    const token = test.submit('log.then.obey', 300, 6)
    await test.arrival(6)
    test.commandOn('kill', token)
    const { state, log } = test.detailOf(token)
    expect({ state, lines: log.length }).toEqual({ state: 'KILLED', lines: 300 })
  })

  it('cuts a line that is too long to read', async () => {
    const { log } = await ended(test.submit('log.long', 100_000))
    expect(log[0]?.text.length).toBeLessThan(8300)
    expect(log[0]?.text).toContain('100000 characters')
  })

  it('belongs to the token that wrote it, also when two share a thread', async () => {
    const lead = test.submit('lead.logs', 'log', 2)
    const { log, children } = await ended(lead)
    expect(log.map((line) => line.text)).toEqual(['before', 'after'])
    const child = test.scheduler.detail(assertDefined(children.first[0], 'the lead has a child'))
    expect(child.log.map((line) => line.text)).toEqual(['line 0', 'line 1'])
  })
})

describe('progress', () => {
  it('is the newest that the operation told', async () => {
    const token = test.submit('progress', 1)
    await until('its progress has arrived', () => test.detailOf(token).progress !== null)
    expect(test.detailOf(token).progress).toEqual({ fraction: 0.25, text: 'a quarter' })
    test.board.open(1)
    await token
  })

  it.each([
    [-1, 0],
    [2, 1],
    [Number.NaN, 0],
    [Number.POSITIVE_INFINITY, 1],
  ])('of %d counts as %d', async (fraction, shown) => {
    const { progress } = await ended(test.submit('progress.of', fraction))
    expect(progress?.fraction).toBe(shown)
  })
})

describe('the signal', () => {
  it('is aborted with the reason of the kill, even in a loop that never yields', async () => {
    const token = test.submit('obey', 2)
    await test.arrival(2)
    test.commandOn('kill', token)
    expect(await test.submit('echo', 'free again')).toBe('free again')
    expect(test.worker(1, 0)?.restarts).toBe(0)
  })

  it('tells an operation that listens who killed it', async () => {
    const token = test.submit('tell.reason', 3, 4)
    await test.arrival(3)
    test.commandOn('kill', token)
    await test.arrival(4)
    await until('its last words have arrived', () => test.detailOf(token).log.length > 0)
    expect(test.detailOf(token).log[0]?.text).toBe('killed: killed by a test: the test says so')
  })

  it('of another token on the same thread stays quiet', async () => {
    const killed = test.submit('obey', 5)
    await test.arrival(5)
    const next = test.submit('aborted')
    test.commandOn('kill', killed)
    expect(await next).toBe(false)
  })
})

it('is not there outside of an operation', async () => {
  expect(await test.submit('context.later')).toBe('context() was called outside of a running operation')
})
