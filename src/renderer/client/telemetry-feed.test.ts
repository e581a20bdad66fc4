import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { HostConnection } from './connection.ts'
import { FakeHost, FakeVisibility } from './fake-host.fixture.ts'
import { TelemetryFeed } from './telemetry-feed.ts'
import { telemetryFrame } from './telemetry-frame.fixture.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

async function connected(moments: readonly unknown[] = []) {
  const host = new FakeHost()
  host.answers.set('system.recentTelemetry', () => moments)
  const visibility = new FakeVisibility()
  const connection = new HostConnection(async () => host.transport)
  const feed = new TelemetryFeed(connection, visibility)
  connection.start()
  await vi.advanceTimersByTimeAsync(0)
  return { host, visibility, connection, feed }
}

function intervals(host: FakeHost): readonly unknown[] {
  return host.calls.filter((call) => call.method === 'telemetry').map((call) => call.params.intervalMs)
}

it('gives back a credit for every frame, so that the host can go on', async () => {
  const { host, feed } = await connected()
  for (let sequence = 1; sequence <= 20; sequence += 1) {
    expect(host.sendFrame(telemetryFrame({ sequence, now: sequence }))).toBe(1)
  }
  expect(feed.latest?.sequence).toBe(20)
})

it('calls a listener no more often than it wants', async () => {
  const { host, feed } = await connected()
  const seen: number[] = []
  feed.subscribe((frame) => seen.push(frame.sequence), 500)
  for (let sequence = 1; sequence <= 10; sequence += 1) {
    host.sendFrame(telemetryFrame({ sequence, now: sequence }))
    await vi.advanceTimersByTimeAsync(100)
  }
  expect(seen).toEqual([1, 6])
})

it('asks for one frame a second while hidden, and draws nothing', async () => {
  const { host, visibility, feed } = await connected()
  const drawn = vi.fn()
  feed.subscribe(drawn)
  visibility.set(false)
  await vi.advanceTimersByTimeAsync(0)
  host.sendFrame(telemetryFrame({ sequence: 1, now: 1 }))
  expect(intervals(host)).toEqual([100, 1000])
  expect(host.openStreams('telemetry')).toHaveLength(1)
  expect(drawn).not.toHaveBeenCalled()
  expect(feed.latest?.sequence).toBe(1)

  visibility.set(true)
  await vi.advanceTimersByTimeAsync(0)
  host.sendFrame(telemetryFrame({ sequence: 2, now: 2 }))
  expect(intervals(host)).toEqual([100, 1000, 100])
  expect(drawn).toHaveBeenCalledOnce()
})

it('keeps one stream when the page is hidden and shown faster than the host answers', async () => {
  const { host, visibility } = await connected()
  visibility.set(false)
  visibility.set(true)
  visibility.set(false)
  await vi.advanceTimersByTimeAsync(0)
  expect(host.openStreams('telemetry')).toHaveLength(1)
})

it('draws the minute before it connected, again after each new connection', async () => {
  const moment = (now: number) => ({ now, values: [1, 2, 3, 4, 5, 6, 7], ours: [0.5], others: [0.25] })
  const { host, feed } = await connected([moment(1_000_000), moment(1_500_000)])
  expect(feed.history.summary(feed.history.series.throughput, 60)).toEqual({ mean: 1, max: 1 })
  host.sendFrame(telemetryFrame({ sequence: 1, now: 1_750_000, throughput: 4 }))
  expect(feed.history.summary(feed.history.series.throughput, 60)?.max).toBe(4)

  host.answers.set('system.recentTelemetry', () => [moment(2_000_000)])
  host.drop('gone for a moment')
  await vi.advanceTimersByTimeAsync(10_000)
  expect(host.countCalls('system.recentTelemetry')).toBe(2)
  expect(feed.history.newest).toBe(8)
})
