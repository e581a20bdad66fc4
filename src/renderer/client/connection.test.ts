import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { GuardhouseError } from '../../shared/errors.ts'
import { HostConnection, retryDelay } from './connection.ts'
import { FakeHost } from './fake-host.fixture.ts'
import { wrongSecret } from './web-socket-transport.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

it('waits twice as long after every failure, up to ten seconds', () => {
  expect([1, 2, 3, 6, 7, 50].map(retryDelay)).toEqual([250, 500, 1000, 8000, 10_000, 10_000])
})

it('connects, loses the connection, says why, and connects again', async () => {
  const hosts = [new FakeHost(), new FakeHost()]
  const open = vi.fn(async () => (hosts[open.mock.calls.length - 1] ?? new FakeHost()).transport)
  using connection = new HostConnection(open)
  connection.start()
  await vi.advanceTimersByTimeAsync(0)
  expect(connection.store.getState()).toMatchObject({ status: 'connected', why: null })

  hosts[0]?.drop('the host stopped')
  expect(connection.store.getState()).toMatchObject({
    status: 'waiting',
    client: null,
    why: 'the host stopped',
    attempt: 1,
  })

  await vi.advanceTimersByTimeAsync(250)
  expect(connection.store.getState()).toMatchObject({ status: 'connected', attempt: 0, everConnected: true })
  expect(open).toHaveBeenCalledTimes(2)
})

it('does not wait when it is told to try now', async () => {
  const open = vi.fn(() => Promise.reject(new GuardhouseError('disconnected', 'nobody answers')))
  using connection = new HostConnection(open)
  connection.start()
  await vi.advanceTimersByTimeAsync(0)
  connection.retryNow()
  await vi.advanceTimersByTimeAsync(0)
  expect(open).toHaveBeenCalledTimes(2)
  expect(connection.store.getState().attempt).toBe(2)
})

it('gives up on a secret that the host does not know', async () => {
  const host = new FakeHost()
  const open = vi.fn(async () => host.transport)
  using connection = new HostConnection(open)
  connection.start()
  await vi.advanceTimersByTimeAsync(0)
  host.drop(wrongSecret)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(connection.store.getState()).toMatchObject({ status: 'refused', retryAt: null })
  expect(open).toHaveBeenCalledTimes(1)
})

it('opens nothing after it was disposed', async () => {
  const open = vi.fn(() => Promise.reject(new GuardhouseError('disconnected', 'nobody answers')))
  const connection = new HostConnection(open)
  connection.start()
  await vi.advanceTimersByTimeAsync(0)
  connection[Symbol.dispose]()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(open).toHaveBeenCalledTimes(1)
})
