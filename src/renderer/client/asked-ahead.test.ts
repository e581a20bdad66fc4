import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { AskedAhead } from './asked-ahead.ts'
import { connectToFakeHost } from './fake-host.fixture.ts'
import { LiveQuery } from './live-query.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

it('gives a query the answer that was asked for before it began, and asks no second time', async () => {
  const { far, host } = await connectToFakeHost()
  far.answers.set('storage.status', () => ({ made: true }))
  await host.askAhead('storage.status', {}, 15)
  using query = new LiveQuery(host, 'storage.status', {}, {})
  query.start()
  await vi.advanceTimersByTimeAsync(0)
  expect(query.store.getState().data).toEqual({ made: true })
  expect(far.countCalls('storage.status')).toBe(1)
})

it('waits for the host no longer than it is told to', async () => {
  const { far, host } = await connectToFakeHost()
  far.answers.set('storage.status', () => new Promise(() => undefined))
  let waited = false
  void host.askAhead('storage.status', {}, 15).then(() => {
    waited = true
  })
  await vi.advanceTimersByTimeAsync(14)
  expect(waited).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  expect(waited).toBe(true)
})

it('tells a failure to the query that takes the answer', async () => {
  const ahead = new AskedAhead()
  ahead.put('storage.status', {}, Promise.reject(new Error('refused')))
  await expect(ahead.take('storage.status', {})).rejects.toThrow('refused')
})

it('gives an answer once, to the same question only, and not after a second', async () => {
  const ahead = new AskedAhead()
  const answer = Promise.resolve({ made: true })
  ahead.put('storage.status', {}, answer as never)
  expect(ahead.take('tokens.get', { id: 'a' })).toBeNull()
  expect(ahead.take('storage.status', {})).toBe(answer)
  expect(ahead.take('storage.status', {})).toBeNull()
  ahead.put('storage.status', {}, answer as never)
  await vi.advanceTimersByTimeAsync(1001)
  expect(ahead.take('storage.status', {})).toBeNull()
})
