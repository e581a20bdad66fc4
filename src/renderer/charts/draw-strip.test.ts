import { expect, it } from 'vitest'
import { assertDefined } from '../../shared/assert.ts'
import { telemetryFrame } from '../client/telemetry-frame.fixture.ts'
import { bucketCount, bucketMicroseconds, TelemetryHistory } from '../client/telemetry-history.ts'
import { stripColumns } from './draw-strip.ts'

function columnsOf(history: TelemetryHistory, width: number) {
  const [ours] = history.ours
  const [others] = history.others
  return stripColumns(
    history,
    assertDefined(ours, 'the history has a core'),
    assertDefined(others, 'the history has a core'),
    width,
  )
}

function frameAt(bucket: number, ours: number, others: number) {
  const frame = telemetryFrame({ now: bucket * bucketMicroseconds + 1, interval: bucketMicroseconds, ours: [ours] })
  frame.cores.others[0] = others
  return frame
}

it('ends at the right edge with the newest bucket and puts others on top of ours', () => {
  const history = new TelemetryHistory()
  history.add(frameAt(10, 0.25, 0.5))
  history.add(frameAt(11, 0.5, 0.25))
  expect(columnsOf(history, bucketCount)).toEqual([
    { left: bucketCount - 2, right: bucketCount - 1, ours: 0.25, total: 0.75 },
    { left: bucketCount - 1, right: bucketCount, ours: 0.5, total: 0.75 },
  ])
})

it('leaves out what is not known and never fills more than the whole', () => {
  const history = new TelemetryHistory()
  history.add(frameAt(10, 0.75, 0.75))
  history.add(telemetryFrame({ now: 20 * bucketMicroseconds, interval: 1, ours: [0] }))
  expect(columnsOf(history, bucketCount).map(({ left, total }) => ({ left, total }))).toEqual([
    { left: bucketCount - 11, total: 1 },
    { left: bucketCount - 1, total: 0 },
  ])
})
