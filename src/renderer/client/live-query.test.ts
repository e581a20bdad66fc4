import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { connectToFakeHost } from './fake-host.fixture.ts'
import { LiveQuery } from './live-query.ts'
import { telemetryFrame } from './telemetry-frame.fixture.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

async function connected() {
  const { far, visibility, host } = await connectToFakeHost()
  far.answers.set('operations.list', () => ({ operations: [] }))
  far.answers.set('audit.query', ({ text }) => ({ entries: [], matched: 0, total: 0, text }))
  return { far, visibility, host }
}

it('asks again when tokens have changed, at most four times a second', async () => {
  const { far, host } = await connected()
  far.answers.set('tokens.query', () => ({ rows: [] }))
  using query = new LiveQuery(host, 'tokens.query', {}, { onTokens: true })
  query.start()
  for (let tick = 1; tick <= 20; tick += 1) {
    far.sendFrame(telemetryFrame({ now: tick, tokensVersion: tick }))
    await vi.advanceTimersByTimeAsync(100)
  }
  expect(far.countCalls('tokens.query')).toBeLessThanOrEqual(9)
  expect(far.countCalls('tokens.query')).toBeGreaterThanOrEqual(7)
})

it('does not ask while nothing changes', async () => {
  const { far, host } = await connected()
  far.answers.set('tokens.query', () => ({ rows: [] }))
  using query = new LiveQuery(host, 'tokens.query', {}, { onTokens: true })
  query.start()
  for (let tick = 1; tick <= 20; tick += 1) {
    far.sendFrame(telemetryFrame({ now: tick, tokensVersion: 7 }))
    await vi.advanceTimersByTimeAsync(100)
  }
  expect(far.countCalls('tokens.query')).toBeLessThanOrEqual(2)
})

it('asks again at its events and at no others', async () => {
  const { far, host } = await connected()
  using query = new LiveQuery(host, 'audit.query', {}, { onEvents: ['audit'] })
  query.start()
  await vi.advanceTimersByTimeAsync(1000)
  far.sendEvent({ kind: 'paused-changed' })
  await vi.advanceTimersByTimeAsync(1000)
  expect(far.countCalls('audit.query')).toBe(1)
  far.sendEvent({ kind: 'audit', id: 1 })
  await vi.advanceTimersByTimeAsync(1000)
  expect(far.countCalls('audit.query')).toBe(2)
})

it('waits until somebody can see the page', async () => {
  const { far, visibility, host } = await connected()
  visibility.set(false)
  using query = new LiveQuery(host, 'audit.query', {}, {})
  query.start()
  await vi.advanceTimersByTimeAsync(5000)
  expect(far.countCalls('audit.query')).toBe(0)
  visibility.set(true)
  await vi.advanceTimersByTimeAsync(0)
  expect(far.countCalls('audit.query')).toBe(1)
})

it('keeps the old answer, marked as stale, until the answer to the new input is there', async () => {
  const { host } = await connected()
  using query = new LiveQuery(host, 'audit.query', { text: 'a' }, {})
  query.start()
  await vi.advanceTimersByTimeAsync(0)
  query.setInput({ text: 'b' })
  expect(query.store.getState()).toMatchObject({ data: { text: 'a' }, stale: true })
  await vi.advanceTimersByTimeAsync(0)
  expect(query.store.getState()).toMatchObject({ data: { text: 'b' }, stale: false })
})

it('asks the next connection after one was lost', async () => {
  const { far, host } = await connected()
  using query = new LiveQuery(host, 'audit.query', {}, {})
  query.start()
  await vi.advanceTimersByTimeAsync(0)
  far.drop('the host stopped')
  await vi.advanceTimersByTimeAsync(1000)
  expect(far.countCalls('audit.query')).toBe(2)
  expect(query.store.getState().error).toBeNull()
})
