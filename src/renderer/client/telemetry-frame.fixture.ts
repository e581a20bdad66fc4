import { makeColumns } from '../../shared/frames/frame.ts'
import { type TelemetryFrame, telemetryLayout, type WorkerColumns } from '../../shared/frames/telemetry.ts'

type Scalar = (typeof telemetryLayout)['scalars'][number]
type WorkerColumn = Exclude<keyof WorkerColumns, 'length'>

export interface FrameParts extends Partial<Record<Scalar, number>> {
  /** Share of each core; says how many there are. */
  readonly ours?: readonly number[]
  readonly workers?: readonly Partial<Record<WorkerColumn, number>>[]
}

/** A frame of which only the given parts are not zero. */
export function telemetryFrame({ ours = [0], workers = [], ...scalars }: FrameParts): TelemetryFrame {
  const cores = makeColumns(telemetryLayout.tables.cores, ours.length)
  cores.ours.set(ours)
  ours.forEach((_, index) => {
    cores.core[index] = index + 1
  })
  const workerColumns = makeColumns(telemetryLayout.tables.workers, workers.length)
  workers.forEach((worker, row) => {
    for (const [column, value] of Object.entries(worker)) workerColumns[column as WorkerColumn][row] = value
  })
  const zeros = Object.fromEntries(telemetryLayout.scalars.map((name) => [name, 0])) as Record<Scalar, number>
  return { ...zeros, ...scalars, cores, workers: workerColumns }
}
