import { chartedSeries, type RecentTelemetry } from '../../shared/contract/system.ts'
import type { TelemetryFrame } from '../../shared/frames/telemetry.ts'

/** Width of one bucket, and how many there are: a minute. */
export const bucketMicroseconds = 250_000
export const bucketCount = 240

// A frame that says it covers more time than this was not sampled but delayed; what happened in between is not known.
const longestIntervalMicroseconds = 2_000_000

/** One value per bucket. Slot of bucket b is b mod bucketCount; NaN where nothing is known. */
export class BucketSeries {
  readonly values = new Float32Array(bucketCount).fill(Number.NaN)
  #samples = 0

  /** Puts the mean of this bucket's samples so far into its slot. */
  add(slot: number, value: number, first: boolean): void {
    this.#samples = first ? 1 : this.#samples + 1
    const before = this.values[slot] ?? 0
    this.values[slot] = first ? value : before + (value - before) / this.#samples
  }

  fill(slot: number, value: number): void {
    this.values[slot] = value
  }
}

export type HistorySeries = (typeof chartedSeries)[number]

/** What is drawn of a frame. */
interface Moment extends Pick<TelemetryFrame, HistorySeries | 'now' | 'interval'> {
  readonly cores: { readonly length: number; readonly ours: ArrayLike<number>; readonly others: ArrayLike<number> }
}

/**
 * The last minute of telemetry in buckets of a quarter of a second of the engine's time: what strips and sparklines draw.
 * A gap in the frames is a gap here, never a straight line.
 */
export class TelemetryHistory {
  readonly series: Readonly<Record<HistorySeries, BucketSeries>>
  ours: readonly BucketSeries[] = []
  others: readonly BucketSeries[] = []
  /** Number of the newest bucket; -1 before the first frame. */
  newest = -1
  #now = Number.NEGATIVE_INFINITY
  /** The next frame goes on from what was restored, whatever time it covers itself. */
  #joins = false

  constructor() {
    this.series = makeSeries()
  }

  add(frame: Moment): void {
    const bucket = Math.floor(frame.now / bucketMicroseconds)
    // Time that runs backwards is another host; another number of cores another machine.
    if (frame.now < this.#now || frame.cores.length !== this.ours.length) this.#clear(frame.cores.length)
    const joined = this.#joins ? { ...frame, interval: frame.now - this.#now } : frame
    this.#joins = false
    this.#now = frame.now
    const first = bucket !== this.newest
    if (first) this.#open(bucket, joined)
    this.#record((series, value) => series.add(slotOf(bucket), value, first), frame)
  }

  /** Begins anew with what the host kept, each moment as far as the one before it. */
  restore(moments: RecentTelemetry): void {
    this.#now = Number.POSITIVE_INFINITY
    let before = Number.NEGATIVE_INFINITY
    for (const { now, values, ours, others } of moments) {
      const series = Object.fromEntries(chartedSeries.map((name, index) => [name, values[index] ?? Number.NaN]))
      this.add({
        ...(series as Record<HistorySeries, number>),
        now,
        interval: now - before,
        cores: { length: ours.length, ours: ours.map(numberOrNaN), others: others.map(numberOrNaN) },
      })
      before = now
    }
    this.#joins = moments.length > 0
  }

  /** Calls `visit` for every bucket from the oldest to the newest with its age in buckets, 0 for the newest. */
  forEach(series: BucketSeries, visit: (value: number, age: number) => void): void {
    for (let age = bucketCount - 1; age >= 0; age -= 1) {
      const bucket = this.newest - age
      visit(bucket < 0 ? Number.NaN : (series.values[slotOf(bucket)] ?? Number.NaN), age)
    }
  }

  /** Mean and largest value of the newest `seconds`; null when nothing is known of them. */
  summary(series: BucketSeries, seconds: number): { readonly mean: number; readonly max: number } | null {
    const wanted = (seconds * 1_000_000) / bucketMicroseconds
    let sum = 0
    let count = 0
    let max = Number.NEGATIVE_INFINITY
    this.forEach(series, (value, age) => {
      if (age >= wanted || Number.isNaN(value)) return
      sum += value
      count += 1
      max = Math.max(max, value)
    })
    return count === 0 ? null : { mean: sum / count, max }
  }

  /** Makes `bucket` the newest. Buckets skipped since the last are what this frame's interval covers, else unknown. */
  #open(bucket: number, frame: Moment): void {
    const covered = frame.interval <= longestIntervalMicroseconds ? frame.interval : 0
    const since = Math.floor((frame.now - covered) / bucketMicroseconds)
    const start = this.newest < 0 ? bucket : Math.max(this.newest + 1, bucket - bucketCount + 1)
    for (let skipped = start; skipped < bucket; skipped += 1) {
      const slot = slotOf(skipped)
      if (skipped > since) this.#record((series, value) => series.fill(slot, value), frame)
      else this.#forEachSeries((series) => series.fill(slot, Number.NaN))
    }
    this.newest = bucket
  }

  #record(put: (series: BucketSeries, value: number) => void, frame: Moment): void {
    for (const name of chartedSeries) put(this.series[name], frame[name])
    this.ours.forEach((series, index) => {
      put(series, frame.cores.ours[index] ?? Number.NaN)
    })
    this.others.forEach((series, index) => {
      put(series, frame.cores.others[index] ?? Number.NaN)
    })
  }

  #forEachSeries(visit: (series: BucketSeries) => void): void {
    for (const name of chartedSeries) visit(this.series[name])
    this.ours.forEach(visit)
    this.others.forEach(visit)
  }

  #clear(cores: number): void {
    for (const name of chartedSeries) this.series[name].values.fill(Number.NaN)
    this.ours = Array.from({ length: cores }, () => new BucketSeries())
    this.others = Array.from({ length: cores }, () => new BucketSeries())
    this.newest = -1
  }
}

function numberOrNaN(value: number | null): number {
  return value ?? Number.NaN
}

function slotOf(bucket: number): number {
  return bucket % bucketCount
}

function makeSeries(): Record<HistorySeries, BucketSeries> {
  return {
    throughput: new BucketSeries(),
    waitP50: new BucketSeries(),
    waitP95: new BucketSeries(),
    waitP99: new BucketSeries(),
    runP50: new BucketSeries(),
    runP95: new BucketSeries(),
    runP99: new BucketSeries(),
  }
}
