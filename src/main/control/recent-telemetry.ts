import { chartedSeries, type RecentTelemetry } from '../../shared/contract/system.ts'
import { decodeTelemetry } from '../../shared/frames/telemetry.ts'

/** How often a frame is kept, and how many: a minute of them. */
export const keptEveryMs = 500
const keptFrames = 120

/** The last minute of telemetry frames, for charts of whoever has just connected. */
export class RecentFrames {
  readonly #frames: ArrayBuffer[] = []

  add(frame: ArrayBuffer): void {
    this.#frames.push(frame)
    if (this.#frames.length > keptFrames) this.#frames.shift()
  }

  /** What charts draw of them, oldest first. */
  moments(): RecentTelemetry {
    return this.#frames.map(decodeTelemetry).map((frame) => ({
      now: frame.now,
      values: chartedSeries.map((name) => numberOrNull(frame[name])),
      ours: Array.from(frame.cores.ours, numberOrNull),
      others: Array.from(frame.cores.others, numberOrNull),
    }))
  }
}

/** JSON has no NaN. */
function numberOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : value
}
