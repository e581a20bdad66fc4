import { scalarOffset } from '../../shared/frames/frame.ts'
import { encodeTelemetry, type TelemetryFrame, telemetryLayout } from '../../shared/frames/telemetry.ts'
import type { HostFields } from '../engine/scheduler/reports.ts'
import { OwnCost } from './own-cost.ts'

/** Frames are not made more often than this, however many read them. */
export const shortestIntervalMs = 100
/** A reader due within this gets the frame at hand, so that readers of one interval share one frame. */
const togetherMs = 10

/** What a frame says of the engine. */
export type EngineTelemetry = Omit<
  TelemetryFrame,
  Exclude<HostFields, 'logLinesDropped' | 'keepingShare' | 'restShare'>
>

interface Reader {
  readonly intervalMs: number
  readonly offer: (frame: ArrayBuffer) => void
  /** Milliseconds of performance.now(). */
  dueAt: number
}

/** Makes telemetry frames while somebody reads them: one for all readers, at the pace of the fastest. */
export class TelemetryHub implements Disposable {
  readonly #telemetry: () => EngineTelemetry
  readonly #cost: OwnCost
  readonly #readers = new Set<Reader>()
  #timer: NodeJS.Timeout | null = null
  #plannedAt = 0
  #lastFrameAt = Number.NEGATIVE_INFINITY
  #previousNow = Number.NaN
  #sequence = 0

  constructor(telemetry: () => EngineTelemetry, cost: OwnCost = new OwnCost()) {
    this.#telemetry = telemetry
    this.#cost = cost
  }

  /** The first frame comes as soon as the pace allows, then one every `intervalMs` or a little later. Returns the function that ends it. */
  subscribe(intervalMs: number, offer: (frame: ArrayBuffer) => void): () => void {
    const reader = { intervalMs: Math.max(shortestIntervalMs, intervalMs), offer, dueAt: performance.now() }
    this.#readers.add(reader)
    this.#schedule()
    return () => {
      this.#readers.delete(reader)
      if (this.#readers.size === 0) this.#stop()
    }
  }

  [Symbol.dispose](): void {
    this.#readers.clear()
    this.#stop()
  }

  #stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    // What happened while nobody looked belongs to no interval.
    this.#previousNow = Number.NaN
  }

  #schedule(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    if (this.#readers.size === 0) return
    const now = performance.now()
    const firstDue = Math.min(...[...this.#readers].map((reader) => reader.dueAt))
    this.#plannedAt = Math.max(now, firstDue, this.#lastFrameAt + shortestIntervalMs)
    this.#timer = setTimeout(() => this.#tick(), this.#plannedAt - now)
  }

  #tick(): void {
    const now = performance.now()
    const frame = this.#makeFrame(Math.max(0, now - this.#plannedAt) * 1000)
    this.#lastFrameAt = now
    for (const reader of this.#readers) {
      if (reader.dueAt > now + togetherMs) continue
      reader.dueAt = now + reader.intervalMs
      reader.offer(frame)
    }
    this.#schedule()
  }

  #makeFrame(controlDelay: number): ArrayBuffer {
    const telemetry = this.#telemetry()
    const interval = Number.isNaN(this.#previousNow) ? 0 : telemetry.now - this.#previousNow
    this.#previousNow = telemetry.now
    this.#sequence += 1
    const own = { sequence: this.#sequence, interval, controlShare: this.#cost.read(), controlDelay, framesMerged: 0 }
    return encodeTelemetry({ ...telemetry, ...own })
  }
}

const framesMergedOffset = scalarOffset(telemetryLayout, 'framesMerged')

/** Writes into one reader's copy of a frame how many frames that reader has missed. */
export function stampFramesMerged(frame: DataView, merged: number): void {
  frame.setFloat64(framesMergedOffset, merged, true)
}
