import { expect, test } from 'vitest'
import { chartedSeries } from '../../shared/contract/system.ts'
import { encodeTelemetry } from '../../shared/frames/telemetry.ts'
import { FakeScheduler } from './fake-engine.fixture.ts'
import { RecentFrames } from './recent-telemetry.ts'

const frame = new FakeScheduler().reports.frame()

function encoded(now: number): ArrayBuffer {
  const host = { keepingShare: 0, restShare: 0, logLinesDropped: 0, sequence: 1, interval: 0, controlShare: 0 }
  return encodeTelemetry({
    ...frame,
    ...host,
    controlDelay: 0,
    framesMerged: 0,
    now,
    throughput: now * 2,
    waitP50: Number.NaN,
  })
}

test('the newest minute of frames is kept, oldest first', () => {
  const recent = new RecentFrames()
  for (let now = 1; now <= 150; now++) recent.add(encoded(now))
  expect(recent.moments().map(({ now }) => now)).toEqual(Array.from({ length: 120 }, (_, index) => index + 31))
})

test('a moment holds each series and each core, and null where nothing is known', () => {
  const recent = new RecentFrames()
  recent.add(encoded(7))
  const [moment] = recent.moments()
  expect(moment?.values[chartedSeries.indexOf('throughput')]).toBe(14)
  expect(moment?.values[chartedSeries.indexOf('waitP50')]).toBeNull()
  expect(moment?.ours).toEqual(Array.from(frame.cores.ours))
  expect(JSON.parse(JSON.stringify(moment))).toEqual(moment)
})
