import type { CoreInfo, CoreUtilization, ThreadReading } from '../../../shared/model/core.ts'
import type { CpuTimes } from './machine-sampler.ts'

/** Both samplers' readings of one moment. */
export interface UsageReading {
  /** When they were taken, microseconds of the engine's clock. */
  readonly at: number
  readonly machine: readonly CpuTimes[]
  readonly threads: readonly ThreadReading[]
}

/** Which CPU a thread was bound to. */
export interface BoundThread {
  readonly threadId: number
  readonly cpu: number
}

/** A thread that was seen on another CPU than the one it is bound to. */
export interface PinDrift {
  readonly threadId: number
  /** CPU it is bound to. */
  readonly asked: number
  /** The other CPU it was seen on last. */
  readonly seenOn: number
  /** How many readings saw it on another CPU. */
  readonly readings: number
  /** When the first of them was taken, microseconds of the engine's clock. */
  readonly firstAt: number
}

/** What the meter knows after a reading. */
export interface Utilization {
  /** One entry per core, in the order of the topology; empty until two readings are far enough apart. */
  readonly cores: readonly CoreUtilization[]
  /** Threads that ever drifted since they were bound, in the order of the bound threads. */
  readonly drifts: readonly PinDrift[]
}

type NumberedCore = Pick<CoreInfo, 'core' | 'cpu'>

/**
 * Use of each core between two readings.
 *
 * `ours` is what the bound threads used, as the kernel accounts it to each, over the time that passed; a thread's time goes to the CPU
 * it last ran on, or to the CPU it is bound to where that is not told. `others` is the machine's busy share less `ours`: the
 * machine's times are the coarser, so it is `others` that gives way when the two do not fit. The rest is `idle`.
 * A thread that is in one reading only counts as nothing, so its time shows as `others`: when it began to use the CPU is not known.
 * A CPU without machine times (offline, or not told) has no `others` and no `idle`.
 */
export function utilizationBetween(
  earlier: UsageReading,
  later: UsageReading,
  cores: readonly NumberedCore[],
  bound: readonly BoundThread[],
): CoreUtilization[] {
  const elapsed = later.at - earlier.at
  const ourTime = timeByCpu(earlier.threads, later.threads, bound)
  const timesBefore = new Map(earlier.machine.map((times) => [times.cpu, times]))
  const timesAfter = new Map(later.machine.map((times) => [times.cpu, times]))
  return cores.map(({ core, cpu }) => {
    const ours = elapsed > 0 ? clampShare((ourTime.get(cpu) ?? 0) / elapsed) : 0
    const busy = busyShare(timesBefore.get(cpu), timesAfter.get(cpu))
    if (busy === null) return { core, cpu, ours, others: 0, idle: 0 }
    const others = Math.max(0, busy - ours)
    return { core, cpu, ours, others, idle: clampShare(1 - ours - others) }
  })
}

function timeByCpu(
  earlier: readonly ThreadReading[],
  later: readonly ThreadReading[],
  bound: readonly BoundThread[],
): Map<number, number> {
  const before = new Map(earlier.map((reading) => [reading.threadId, reading.cpuTime]))
  const after = new Map(later.map((reading) => [reading.threadId, reading]))
  const times = new Map<number, number>()
  for (const { threadId, cpu: boundCpu } of bound) {
    const reading = after.get(threadId)
    const cpuTimeBefore = before.get(threadId)
    if (reading === undefined || cpuTimeBefore === undefined) continue
    const cpu = reading.lastCpu ?? boundCpu
    times.set(cpu, (times.get(cpu) ?? 0) + Math.max(0, reading.cpuTime - cpuTimeBefore))
  }
  return times
}

/** Null when the CPU is missing from a reading; 0 when its counters have not moved. They can step back a little: proc_stat(5) warns so of iowait. */
function busyShare(before: CpuTimes | undefined, after: CpuTimes | undefined): number | null {
  if (before === undefined || after === undefined) return null
  const busy = Math.max(0, after.busy - before.busy)
  const idle = Math.max(0, after.idle - before.idle)
  return busy === 0 ? 0 : busy / (busy + idle)
}

function clampShare(share: number): number {
  return Math.min(1, Math.max(0, share))
}

/**
 * Machine times step by 10 ms, so a share over less than about ten steps says little. A bit below 100 ms, lest a timer
 * of that period that comes early be passed over.
 */
const shortestInterval = 90_000

/** Turns a sequence of readings into each core's use and each thread's drift. Feed it at whatever pace the window wants. */
export class UtilizationMeter {
  readonly #cores: readonly NumberedCore[]
  readonly #drifts = new Map<number, PinDrift>()
  #baseline: UsageReading | null = null
  #utilization: readonly CoreUtilization[] = []

  constructor(cores: readonly NumberedCore[]) {
    this.#cores = cores
  }

  /**
   * Takes the next reading. Drift is looked at in each; utilisation is renewed only when 90 ms or more have passed
   * since it last was, and stays as it was until then.
   */
  advance(reading: UsageReading, bound: readonly BoundThread[]): Utilization {
    this.#noteDrifts(reading, bound)
    if (this.#baseline === null) {
      this.#baseline = reading
    } else if (reading.at - this.#baseline.at >= shortestInterval) {
      this.#utilization = utilizationBetween(this.#baseline, reading, this.#cores, bound)
      this.#baseline = reading
    }
    return { cores: this.#utilization, drifts: [...this.#drifts.values()] }
  }

  #noteDrifts(reading: UsageReading, bound: readonly BoundThread[]): void {
    const lastCpus = new Map(reading.threads.map((thread) => [thread.threadId, thread.lastCpu]))
    const known = new Map(this.#drifts)
    this.#drifts.clear()
    for (const { threadId, cpu: asked } of bound) {
      const earlier = known.get(threadId)
      const previous = earlier?.asked === asked ? earlier : undefined
      const lastCpu = lastCpus.get(threadId) ?? null
      const drift =
        lastCpu === null || lastCpu === asked
          ? previous
          : extendDrift(previous, { threadId, asked, seenOn: lastCpu, at: reading.at })
      if (drift !== undefined) this.#drifts.set(threadId, drift)
    }
  }
}

function extendDrift(
  previous: PinDrift | undefined,
  sighting: { readonly threadId: number; readonly asked: number; readonly seenOn: number; readonly at: number },
): PinDrift {
  const { threadId, asked, seenOn, at } = sighting
  return { threadId, asked, seenOn, readings: (previous?.readings ?? 0) + 1, firstAt: previous?.firstAt ?? at }
}
