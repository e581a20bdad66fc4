import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { decodeTelemetry, type TelemetryFrame } from '../../shared/frames/telemetry.ts'
import { FakeScheduler } from './fake-engine.fixture.ts'
import { OwnCost } from './own-cost.ts'
import { shortestIntervalMs, stampFramesMerged, TelemetryHub } from './telemetry-hub.ts'

const scheduler = new FakeScheduler()
let built: number
let hub: TelemetryHub
beforeEach(() => {
  vi.useFakeTimers()
  built = 0
  const telemetry = () => {
    built += 1
    return {
      ...scheduler.reports.frame(),
      keepingShare: 0,
      restShare: 0,
      logLinesDropped: 0,
    }
  }
  hub = new TelemetryHub(telemetry, new OwnCost(() => performance.now() * 250))
})
afterEach(() => {
  hub[Symbol.dispose]()
  vi.useRealTimers()
})

function read(intervalMs: number): { frames: TelemetryFrame[]; end: () => void } {
  const frames: TelemetryFrame[] = []
  const end = hub.subscribe(intervalMs, (frame) => frames.push(decodeTelemetry(frame)))
  return { frames, end }
}

test('nothing is made while nobody reads', () => {
  vi.advanceTimersByTime(10_000)
  expect(built).toBe(0)
  const { end } = read(100)
  vi.advanceTimersByTime(1000)
  const made = built
  expect(made).toBeGreaterThan(5)
  end()
  vi.advanceTimersByTime(10_000)
  expect(built).toBe(made)
  expect(vi.getTimerCount()).toBe(0)
})

test('the first frame comes at once, the next at the pace asked for', () => {
  const { frames } = read(500)
  vi.advanceTimersByTime(1)
  expect(frames).toHaveLength(1)
  vi.advanceTimersByTime(498)
  expect(frames).toHaveLength(1)
  vi.advanceTimersByTime(500)
  expect(frames).toHaveLength(2)
})

test('however many read, one frame is made for all of them', () => {
  const readers = Array.from({ length: 20 }, () => read(100))
  vi.advanceTimersByTime(1050)
  for (const { frames } of readers) expect(frames.length).toBeGreaterThan(9)
  expect(built).toBeLessThanOrEqual(1050 / shortestIntervalMs + 1)
})

test('a slow reader beside a fast one gets fewer frames', () => {
  const fast = read(100)
  const slow = read(1000)
  vi.advanceTimersByTime(5000)
  expect(fast.frames.length).toBeGreaterThan(45)
  expect(slow.frames.length).toBeGreaterThanOrEqual(5)
  expect(slow.frames.length).toBeLessThanOrEqual(6)
})

test('readers that come and go do not make the pace any faster', () => {
  for (let time = 0; time < 1000; time += 10) {
    const { end } = read(100)
    vi.advanceTimersByTime(10)
    if (time % 20 === 0) end()
  }
  expect(built).toBeLessThanOrEqual(11)
})

test('a frame says its number, its interval and what the control thread costs', () => {
  const { frames } = read(200)
  vi.advanceTimersByTime(450)
  const [first, second] = frames
  expect(first).toMatchObject({ sequence: 1, interval: 0, framesMerged: 0 })
  expect(second?.sequence).toBe(2)
  expect(second?.interval).toBeCloseTo(200_000, -3)
  expect(second?.controlShare).toBeCloseTo(0.25)
})

test('a timer that fires late shows as delay', () => {
  const { frames } = read(100)
  vi.advanceTimersByTime(1)
  const clock = vi.spyOn(performance, 'now')
  const late = performance.now() + 150
  clock.mockImplementation(() => late)
  vi.advanceTimersByTime(100)
  expect(Math.abs((frames.at(-1)?.controlDelay ?? 0) - 50_000)).toBeLessThanOrEqual(1000)
  clock.mockRestore()
})

test('a reader that leaves while it gets its frame leaves no timer behind', () => {
  const end = hub.subscribe(100, () => end())
  vi.advanceTimersByTime(1000)
  expect(built).toBe(1)
  expect(vi.getTimerCount()).toBe(0)
})

test('the count of missed frames is written where a reader looks for it', () => {
  let frame = new ArrayBuffer(0)
  hub.subscribe(100, (newest) => {
    frame = newest
  })
  vi.advanceTimersByTime(1)
  const before = decodeTelemetry(frame)
  stampFramesMerged(new DataView(frame), 12)
  expect(decodeTelemetry(frame)).toEqual({ ...before, framesMerged: 12 })
})
