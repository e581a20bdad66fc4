import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { LineFilter, LogLine } from '../../../shared/contract/log.ts'
import { HostConnection } from '../../client/connection.ts'
import { FakeHost, FakeVisibility } from '../../client/fake-host.fixture.ts'
import { ConsoleFeed, shownLines } from './console-feed.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function line(id: number): LogLine {
  return {
    id,
    at: id,
    channel: 'gate',
    level: 'warn',
    text: `line ${id}`,
    token: null,
    operation: null,
    core: 1,
    slot: 0,
  }
}

/** A host that keeps the lines 1 to `kept` when it is asked. */
async function following(filter: LineFilter = {}) {
  const host = new FakeHost()
  const visibility = new FakeVisibility()
  const connection = new HostConnection(async () => host.transport)
  const state = { kept: 2 }
  host.answers.set('log.query', () => ({
    lines: Array.from({ length: state.kept }, (_, index) => line(index + 1)).slice(-shownLines),
    matched: state.kept,
    kept: state.kept,
    gone: 0,
    newest: state.kept,
  }))
  connection.start()
  await vi.advanceTimersByTimeAsync(0)
  const call = (name: never, input: never) => {
    const { client } = connection.store.getState()
    return client === null ? Promise.reject(new Error('not connected')) : client.call(name, input)
  }
  const feed = new ConsoleFeed({ connection, visibility, call: call as never }, filter)
  feed.start()
  await vi.advanceTimersByTimeAsync(0)
  const ids = () => feed.store.getState().lines?.map(({ id }) => id)
  const write = async (...written: number[]) => {
    for (const id of written) host.sendItem('console', { kind: 'line', line: line(id) })
    await vi.advanceTimersByTimeAsync(150)
  }
  return { host, visibility, state, feed, ids, write }
}

it('shows what is there, then each line as it is written, and asks no more for it', async () => {
  const { host, feed, ids, write } = await following()
  await write(3, 4)
  expect(ids()).toEqual([1, 2, 3, 4])
  expect(feed.store.getState().matched).toBe(4)
  expect(host.countCalls('log.query')).toBe(1)
})

it('asks the host for the lines that match and no others', async () => {
  const { host, feed } = await following({ core: 1, slot: 0 })
  feed.setFilter({ levels: ['error'] })
  await vi.advanceTimersByTimeAsync(0)
  const asked = host.calls.filter(({ method }) => method === 'console').map(({ params }) => params)
  expect(asked).toEqual([{ core: 1, slot: 0 }, { levels: ['error'] }])
  expect(host.openStreams('console')).toHaveLength(1)
})

it('shows a line once that came by both ways', async () => {
  const { ids, write } = await following()
  await write(2, 3)
  expect(ids()).toEqual([1, 2, 3])
})

it('reads again when it was too slow for some lines', async () => {
  const { host, state, ids } = await following()
  state.kept = 6
  host.sendItem('console', { kind: 'dropped', count: 3 })
  await vi.advanceTimersByTimeAsync(150)
  expect(ids()).toEqual([1, 2, 3, 4, 5, 6])
})

it('is still while it is held or hidden, and then shows what was missed', async () => {
  const { host, visibility, state, feed, ids } = await following()
  feed.setFollowing(false)
  expect(host.openStreams('console')).toHaveLength(0)
  state.kept = 3
  feed.setFollowing(true)
  await vi.advanceTimersByTimeAsync(0)
  expect(ids()).toEqual([1, 2, 3])
  visibility.set(false)
  expect(host.openStreams('console')).toHaveLength(0)
  state.kept = 4
  visibility.set(true)
  await vi.advanceTimersByTimeAsync(0)
  expect(ids()).toEqual([1, 2, 3, 4])
})

it('keeps a thousand lines, the newest', async () => {
  const { state, feed, ids, write } = await following()
  state.kept = shownLines
  feed.setFilter({ core: 1 })
  await vi.advanceTimersByTimeAsync(0)
  await write(shownLines + 1)
  expect(ids()).toHaveLength(shownLines)
  expect(ids()?.at(-1)).toBe(shownLines + 1)
})
