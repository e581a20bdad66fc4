import type { PinnedWorker } from '../workers/pinned-worker.ts'
import { CoreMeter } from './convergence/core-meter.ts'
import { initialCounter } from './positions.ts'
import type { CoreLoad } from './routing.ts'

/** One core as routing sees it; kept up to date by whoever places and ends tokens. */
export class CoreState implements CoreLoad {
  readonly core: number
  readonly cpu: number
  readonly workers: readonly PinnedWorker[]
  readonly mailboxMax: number
  counter: number
  pattern: number
  load = 0
  executed = 0
  readonly meter = new CoreMeter()
  /** Tokens placed here by weight, for the affinity report. */
  readonly placedByWeight = new Float64Array(3)

  constructor(core: number, cpu: number, workers: readonly PinnedWorker[], pattern: number, mailboxMax: number) {
    this.core = core
    this.cpu = cpu
    this.workers = workers
    this.pattern = pattern
    this.mailboxMax = mailboxMax
    this.counter = initialCounter(core, workers.length)
  }

  get full(): boolean {
    for (let slot = 0; slot < this.pattern; slot++) {
      const worker = this.workers[slot]
      if (worker !== undefined && this.#hasRoom(worker)) return false
    }
    return true
  }

  /**
   * The worker for a routed token: the one its position names, unless that mailbox is full or its thread is lent to a token that
   * waits for its children (what runs there now would share that token's fate); then the least loaded active one. Null when the core is full.
   */
  workerFor(slot: number): PinnedWorker | null {
    const named = this.workers[slot]
    if (named !== undefined && this.#hasRoom(named) && (named.depth === 0 || named.lending() === 0)) return named
    let best: PinnedWorker | null = null
    let bestCost = Number.POSITIVE_INFINITY
    for (let index = 0; index < this.pattern; index++) {
      const worker = this.workers[index]
      if (worker === undefined || !this.#hasRoom(worker)) continue
      const cost = worker.depth + worker.lending() * this.mailboxMax
      if (cost < bestCost) {
        best = worker
        bestCost = cost
      }
    }
    return best
  }

  /** True when a worker could hold more tokens, were its ring not full of tokens taken back. */
  lacksPlaces(): boolean {
    return this.workers.some((worker) => worker.ahead < this.mailboxMax && !worker.hasPlace && !worker.resting)
  }

  #hasRoom(worker: PinnedWorker): boolean {
    return worker.ahead < this.mailboxMax && worker.hasPlace
  }

  /** True when nothing is placed here, or only tokens that wait for their children. */
  isIdle(): boolean {
    if (this.load === 0) return true
    let lent = 0
    for (const worker of this.workers) lent += worker.depth > 0 ? worker.lending() : 0
    return lent >= this.load
  }

  /** Tokens beyond those its workers run or are about to. */
  backlog(): number {
    let backlog = 0
    for (const worker of this.workers) backlog += worker.backlog
    return backlog
  }

  /** An active worker with nothing to do, or null. */
  idleWorker(): PinnedWorker | null {
    for (let slot = 0; slot < this.pattern; slot++) {
      const worker = this.workers[slot]
      if (worker !== undefined && worker.depth === 0 && worker.hasPlace) return worker
    }
    return null
  }

  /** The worker with the most tokens behind the one it runs, or null when none has any. */
  longestMailbox(): PinnedWorker | null {
    let longest: PinnedWorker | null = null
    for (const worker of this.workers) {
      if (worker.backlog > (longest?.backlog ?? 0)) longest = worker
    }
    return longest
  }
}
