import type { Topology } from '../../shared/model/core.ts'
import type { Clock } from '../../shared/time.ts'
import {
  type BoundThread,
  createMachineSampler,
  createThreadSampler,
  type MachineSampler,
  type ThreadSampler,
  type UsageReading,
  UtilizationMeter,
} from '../engine/cpu/index.ts'
import type { MachineReadings } from '../engine/scheduler/reports.ts'

/** A worker thread; one that could not be bound is watched too, but cannot drift. */
export interface WorkerThreadPlace extends BoundThread {
  readonly bound: boolean
}

interface MachineWatchParts {
  readonly topology: Pick<Topology, 'cores'>
  readonly clock: Clock
  /** The worker threads that live now. */
  readonly workerThreads: () => readonly WorkerThreadPlace[]
  readonly machine?: MachineSampler
  readonly threads?: ThreadSampler
}

interface ThreadUse {
  readonly at: number
  readonly cpuTime: number
  readonly share: number
}

/** A share over less than this says more of the clock than of the thread, microseconds. */
const shortestInterval = 50_000

/**
 * Looks at the machine when told to, never by itself: where each worker thread last ran, and what it and
 * everybody else use of each core since the last look.
 */
export class MachineWatch implements Disposable {
  readonly #clock: Clock
  readonly #workerThreads: () => readonly WorkerThreadPlace[]
  readonly #machine: MachineSampler
  readonly #threads: ThreadSampler
  readonly #meter: UtilizationMeter
  #use = new Map<number, ThreadUse>()
  #workersCpuTime = 0

  constructor({ topology, clock, workerThreads, machine, threads }: MachineWatchParts) {
    this.#clock = clock
    this.#workerThreads = workerThreads
    this.#machine = machine ?? createMachineSampler()
    this.#threads = threads ?? createThreadSampler()
    this.#meter = new UtilizationMeter(topology.cores)
  }

  /** CPU time that workers had used at the looks so far, microseconds, also those that have ended since; null where the system does not tell. */
  get workersCpuTime(): number | null {
    return this.#threads.supported ? this.#workersCpuTime : null
  }

  look(): MachineReadings {
    const places = this.#workerThreads()
    this.#follow(places)
    const reading = { at: this.#clock.now(), machine: this.#machine.sample(), threads: this.#threads.sample() }
    const { cores, drifts } = this.#meter.advance(reading, places)
    this.#measure(reading)
    const canDrift = new Set(places.filter((place) => place.bound).map((place) => place.threadId))
    const driftsOf = new Map(drifts.map((drift) => [drift.threadId, drift.readings]))
    const threads = reading.threads.map(({ threadId, lastCpu }) => {
      const cpuShare = this.#use.get(threadId)?.share ?? 0
      return [
        threadId,
        { lastCpu, drifts: canDrift.has(threadId) ? (driftsOf.get(threadId) ?? 0) : 0, cpuShare },
      ] as const
    })
    return { cores, threads: new Map(threads) }
  }

  [Symbol.dispose](): void {
    this.#threads[Symbol.dispose]()
    this.#machine[Symbol.dispose]()
  }

  #follow(places: readonly BoundThread[]): void {
    const living = new Set(places.map((thread) => thread.threadId))
    for (const threadId of this.#use.keys()) if (!living.has(threadId)) this.#threads.forget(threadId)
    for (const threadId of living) this.#threads.watch(threadId)
  }

  #measure({ at, threads }: UsageReading): void {
    const use = new Map<number, ThreadUse>()
    for (const { threadId, cpuTime } of threads) {
      const before = this.#use.get(threadId)
      if (before === undefined) {
        this.#workersCpuTime += cpuTime
        use.set(threadId, { at, cpuTime, share: 0 })
      } else if (at - before.at < shortestInterval) use.set(threadId, before)
      else {
        const used = Math.max(0, cpuTime - before.cpuTime)
        this.#workersCpuTime += used
        use.set(threadId, { at, cpuTime, share: Math.min(1, used / (at - before.at)) })
      }
    }
    this.#use = use
  }
}
