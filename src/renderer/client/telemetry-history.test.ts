import { describe, expect, it } from 'vitest'
import { telemetryFrame } from './telemetry-frame.fixture.ts'
import { type BucketSeries, bucketCount, bucketMicroseconds, TelemetryHistory } from './telemetry-history.ts'

function known(history: TelemetryHistory, series: BucketSeries | undefined): readonly number[] {
  const values: number[] = []
  if (series !== undefined) {
    history.forEach(series, (value) => {
      if (!Number.isNaN(value)) values.push(value)
    })
  }
  return values
}

const second = 1_000_000

describe('TelemetryHistory', () => {
  it('keeps the mean of the frames of one bucket', () => {
    const history = new TelemetryHistory()
    history.add(telemetryFrame({ now: 10 * second, interval: 100_000, ours: [0.25] }))
    history.add(telemetryFrame({ now: 10 * second + 100_000, interval: 100_000, ours: [0.75] }))
    expect(known(history, history.ours[0])).toEqual([0.5])
  })

  it('fills the buckets that a slow frame covers', () => {
    const history = new TelemetryHistory()
    history.add(telemetryFrame({ now: 10 * second, interval: second, ours: [0.25] }))
    history.add(telemetryFrame({ now: 11 * second, interval: second, ours: [0.5] }))
    expect(known(history, history.ours[0])).toEqual([0.25, 0.5, 0.5, 0.5, 0.5])
  })

  it('leaves a gap where nothing is known', () => {
    const history = new TelemetryHistory()
    history.add(telemetryFrame({ now: 10 * second, interval: 100_000, ours: [0.25] }))
    history.add(telemetryFrame({ now: 20 * second, interval: 100_000, ours: [0.5] }))
    expect(known(history, history.ours[0])).toEqual([0.25, 0.5])
  })

  it('forgets what is older than a minute', () => {
    const history = new TelemetryHistory()
    for (let bucket = 0; bucket < bucketCount * 3; bucket += 1) {
      const now = bucket * bucketMicroseconds + 1
      history.add(telemetryFrame({ now, interval: bucketMicroseconds, ours: [bucket / 1000] }))
    }
    const values = known(history, history.ours[0])
    expect(values).toHaveLength(bucketCount)
    expect(values[0]).toBeCloseTo((bucketCount * 2) / 1000)
    expect(values.at(-1)).toBeCloseTo((bucketCount * 3 - 1) / 1000)
  })

  it('forgets everything after a pause longer than it remembers', () => {
    const history = new TelemetryHistory()
    history.add(telemetryFrame({ now: second, interval: 100_000, ours: [0.25] }))
    history.add(telemetryFrame({ now: 500 * second, interval: 100_000, ours: [0.5] }))
    expect(known(history, history.ours[0])).toEqual([0.5])
  })

  it('begins anew when the host was started again or has other cores', () => {
    const history = new TelemetryHistory()
    history.add(telemetryFrame({ now: 10 * second, interval: 100_000, ours: [0.25] }))
    history.add(telemetryFrame({ now: 2 * second, interval: 100_000, ours: [0.5] }))
    expect(known(history, history.ours[0])).toEqual([0.5])
    history.add(telemetryFrame({ now: 3 * second, interval: 100_000, ours: [0.75, 1] }))
    expect([known(history, history.ours[0]), known(history, history.ours[1])]).toEqual([[0.75], [1]])
  })

  it('sums up the newest seconds', () => {
    const history = new TelemetryHistory()
    for (let tick = 1; tick <= 40; tick += 1) {
      history.add(
        telemetryFrame({ now: tick * bucketMicroseconds, interval: bucketMicroseconds, ours: [tick > 20 ? 1 : 0] }),
      )
    }
    const [series] = history.ours
    expect(series === undefined ? null : history.summary(series, 5)).toEqual({ mean: 1, max: 1 })
    expect(series === undefined ? null : history.summary(series, 10)).toEqual({ mean: 0.5, max: 1 })
  })

  it('begins with what the host kept, and goes on from there', () => {
    const history = new TelemetryHistory()
    history.add(telemetryFrame({ now: 99 * second, interval: 100_000, ours: [1] }))
    const moment = { values: [5, 1, 2, 3, null, 2, 3], others: [null] }
    history.restore([
      { ...moment, now: 10 * second, ours: [0.25] },
      { ...moment, now: 10.5 * second, ours: [0.5] },
    ])
    history.add(telemetryFrame({ now: 11 * second, interval: 100_000, ours: [0.75] }))
    expect(known(history, history.ours[0])).toEqual([0.25, 0.5, 0.5, 0.75, 0.75])
    expect(known(history, history.series.throughput)).toEqual([5, 5, 5, 0, 0])
    expect(known(history, history.series.runP50)).toEqual([0, 0])
    expect(known(history, history.others[0])).toEqual([0, 0])
  })
})
