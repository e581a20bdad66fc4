import { expect, test } from 'vitest'
import { makeColumns } from '../../shared/frames/frame.ts'
import { encodeTelemetry, type TelemetryFrame, telemetryLayout } from '../../shared/frames/telemetry.ts'
import { CoreLoadMeter } from './core-load.ts'

function frame(interval: number, ours: readonly number[]): ArrayBuffer {
  const scalars = Object.fromEntries(telemetryLayout.scalars.map((name) => [name, 0]))
  const cores = makeColumns(telemetryLayout.tables.cores, ours.length)
  for (const [row, share] of ours.entries()) {
    cores.core[row] = ours.length - row
    cores.cpu[row] = 10 + row
    cores.ours[row] = share
    cores.others[row] = 0.25
    cores.executed[row] = interval
  }
  const workers = makeColumns(telemetryLayout.tables.workers, 0)
  return encodeTelemetry({ ...scalars, interval, cores, workers } as unknown as TelemetryFrame)
}

test('a long frame weighs more than a short one', () => {
  const meter = new CoreLoadMeter()
  meter.add(frame(100, [0, 0.5]))
  meter.add(frame(300, [0.4, 0.5]))
  const [first, second] = meter.loads()
  expect(first).toMatchObject({ core: 1, cpu: 11, others: 0.25, executed: 300 })
  expect(first?.ours).toBeCloseTo(0.5, 6)
  expect(second?.ours).toBeCloseTo(0.3, 6)
})

test('who has seen no frame knows no core', () => {
  expect(new CoreLoadMeter().loads()).toEqual([])
})
