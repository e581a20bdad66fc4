import { describe, expect, it } from 'vitest'
import { assertDefined } from '../../../../shared/assert.ts'
import type { TestScheduler } from '../scheduler.fixture.ts'
import type { TokenHandle } from '../token-handle.ts'
import { until } from '../until.fixture.ts'
import { tagScheduler } from './tags.fixture.ts'

const soon = { times: 3, delay: 1, jitter: 0 }
const later = { times: 3, delay: 60_000, jitter: 0 }
const idempotent = { flaky: { retry: soon, idempotent: true } } as const

const retries = (test: TestScheduler) => test.stats.tags.retries

describe('a failed token with the tag retry', () => {
  it('is tried again under the same id, and its caller hears the last outcome only', async () => {
    await using test = await tagScheduler(idempotent)
    const token = test.submit('flaky', 3, 'plain')
    const id = test.idOf(token)
    expect(await token).toBe(3)
    const { attempt, attempts, state, id: after, error } = test.detailOf(token)
    expect({ attempt, state, after, error }).toEqual({ attempt: 3, state: 'COMPLETED', after: id, error: null })
    expect(attempts.map((each) => [each.attempt, each.state, each.error?.message])).toEqual([
      [1, 'FAILED', 'attempt 1 fails'],
      [2, 'FAILED', 'attempt 2 fails'],
      [3, 'COMPLETED', undefined],
    ])
    const [first, second] = attempts
    expect(second?.times.waiting).toBeGreaterThanOrEqual((first?.times.ended ?? 0) + 1000)
    expect(retries(test)).toEqual({
      total_retries_created: 2,
      total_retries_succeeded: 1,
      total_retries_exhausted: 0,
      waiting: 0,
    })
    expect(test.stats.totals).toMatchObject({ COMPLETED: 1, FAILED: 0, WAITING: 0 })
    expect(test.stats.token_pool.total_created).toBe(1)
  })

  it('fails with its last error when every attempt fails', async () => {
    await using test = await tagScheduler(idempotent)
    const token = test.submit('flaky', 99, 'plain')
    await expect(token).rejects.toMatchObject({ kind: 'operation-failed', message: 'attempt 4 fails' })
    expect(test.detailOf(token).attempts).toHaveLength(4)
    expect(retries(test)).toMatchObject({ total_retries_created: 3, total_retries_exhausted: 1 })
  })

  it('is counted by the guard house, and forgotten there once it has ended', async () => {
    await using test = await tagScheduler(idempotent)
    const overflow = () => test.scheduler.guard.report().overflow_guard
    await test.submit('flaky', 2, 'plain')
    await test.submit('flaky', 99, 'plain').then(undefined, () => undefined)
    await until('both are judged', () => overflow().total_retries_exhausted === 1)
    expect(overflow()).toMatchObject({ total_retries_created: 4, total_retries_succeeded: 1, active_backups: 0 })
  })

  it('is tried again without being idempotent only when its error says that it may be', async () => {
    await using test = await tagScheduler({ flaky: { retry: soon } })
    await expect(test.submit('flaky', 2, 'plain')).rejects.toMatchObject({
      message: 'attempt 1 fails',
      hint: expect.stringMatching(/^It was not tried again: .* is not tagged idempotent/),
    })
    await expect(test.submit('flaky', 2, 'exit')).rejects.toMatchObject({ kind: 'worker-lost' })
    expect(await test.submit('flaky', 2, 'retryable')).toBe(2)
  })

  it('survives the death of its thread when it is idempotent', async () => {
    await using test = await tagScheduler(idempotent)
    expect(await test.submit('flaky', 3, 'exit')).toBe(3)
  })

  it('is not tried again without the tag, nor with no retries', async () => {
    await using test = await tagScheduler({ flaky: { idempotent: true, retry: { times: 0 } } })
    await expect(test.submit('flaky', 2, 'retryable')).rejects.toMatchObject({ message: 'attempt 1 fails' })
    await using untagged = await tagScheduler({ flaky: { idempotent: true } })
    await expect(untagged.submit('flaky', 2, 'retryable')).rejects.toMatchObject({ message: 'attempt 1 fails' })
  })

  it('is not tried again when its attempt was shorter than the window', async () => {
    await using test = await tagScheduler({ flaky: { idempotent: true, retry: { ...soon, shortestRun: 60_000 } } })
    await expect(test.submit('flaky', 2, 'plain')).rejects.toMatchObject({ message: 'attempt 1 fails' })
  })

  it('lets the turn of its key and its permit to others between attempts', async () => {
    const tags = {
      flaky: { retry: later, idempotent: true, stickyAnchor: 'x', hashPolicy: 'NONE', storageSpeed: 'SLOW' },
    } as const
    await using test = await tagScheduler(tags, { options: { storageSlow: 1 } })
    const failed = test.submit('flaky', 2, 'plain')
    await until('it waits for its retry', () => retries(test).waiting === 1)
    expect(await test.submit('flaky', 1, 'plain')).toBe(1)
    test.commandOn('kill', failed)
    await expect(failed).rejects.toMatchObject({ kind: 'killed' })
    expect(test.stats.tags.sticky.pins).toBe(0)
  })
})

describe('a token that waits for its retry', () => {
  it('says how long, and for which', async () => {
    await using test = await tagScheduler({ flaky: { retry: later, idempotent: true } })
    const token = test.submit('flaky', 2, 'plain')
    await until('it waits for its retry', () => retries(test).waiting === 1)
    const { waitingBecause, state, attempt, core } = test.detailOf(token)
    expect({ state, attempt, core }).toEqual({ state: 'WAITING', attempt: 2, core: null })
    expect(waitingBecause).toMatch(
      /^It waits for retry 1 of 3 in \d+\.\d s; the last attempt failed: attempt 1 fails\.$/,
    )
  })

  it('obeys kill, drain, pause, resume and stop', async () => {
    const test = await tagScheduler({ flaky: { retry: later, idempotent: true } })
    const tokens = Array.from({ length: 4 }, () => test.submit('flaky', 2, 'plain'))
    await until('all wait for their retry', () => retries(test).waiting === 4)
    const [killed, drained, paused, left] = [0, 1, 2, 3].map((index) =>
      assertDefined(tokens[index], 'there are four'),
    ) as [TokenHandle, TokenHandle, TokenHandle, TokenHandle]
    expect(test.commandOn('kill', killed).affected).toBe(1)
    expect(test.commandOn('drain', drained).affected).toBe(1)
    expect(test.commandOn('pause', paused).affected).toBe(1)
    expect(retries(test).waiting).toBe(1)
    test.command('pause', { kind: 'operation', operation: 'flaky' })
    expect(retries(test).waiting).toBe(0)
    test.command('resume', { kind: 'operation', operation: 'flaky' })
    test.commandOn('resume', paused)
    await until('both wait for their retry again', () => retries(test).waiting === 2)
    await test.scheduler.stop({ mode: 'abort' })
    await expect(left).rejects.toMatchObject({ kind: 'killed' })
    expect(test.stats.totals).toMatchObject({ KILLED: 4, WAITING: 0 })
  })

  it('does not go before its time when it was paused and resumed', async () => {
    await using test = await tagScheduler({ flaky: { retry: { times: 1, delay: 200, jitter: 0 }, idempotent: true } })
    const token = test.submit('flaky', 2, 'plain')
    await until('it waits for its retry', () => retries(test).waiting === 1)
    test.commandOn('pause', token)
    test.commandOn('resume', token)
    expect(await token).toBe(2)
    const [first, second] = test.detailOf(token).attempts
    expect((second?.times.started ?? 0) - (first?.times.ended ?? 0)).toBeGreaterThanOrEqual(200_000)
  })

  it('ends as TIMEOUT when its queueTimeout passes after the retry was due', async () => {
    await using test = await tagScheduler({ flaky: { retry: { times: 1, delay: 300 }, idempotent: true } })
    await test.submit('noop')
    const token = test.submitWith({ queueTimeout: 3000 }, 'flaky', 2, 'plain')
    await until('it waits for its retry', () => retries(test).waiting === 1)
    test.command('pause', { kind: 'operation', operation: 'flaky' })
    await expect(token).rejects.toMatchObject({ kind: 'timeout' })
    const { attempts, times } = test.detailOf(token)
    expect(attempts.map((each) => each.state)).toEqual(['FAILED', 'TIMEOUT'])
    expect((times.ended ?? 0) - (times.waiting ?? 0)).toBeGreaterThanOrEqual(3_000_000)
  })

  it('finishes at a stop that drains', async () => {
    const test = await tagScheduler(idempotent)
    const token = test.submit('flaky', 3, 'plain')
    expect(await test.scheduler.stop({ mode: 'drain' })).toMatchObject({ completed: 1 })
    expect(await token).toBe(3)
  })
})
