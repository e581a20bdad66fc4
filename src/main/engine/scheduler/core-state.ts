import type { PinnedWorker } from '../workers/pinned-worker.ts'
import { CoreMeter } from './convergence/core-meter.ts'
import { initialCounter } from './positions.ts'
import type { CoreLoad } from './routing.ts'

/** A run that counts as short, microseconds. */
export const shortRun = 10
// A mailbox of short tokens may hold this many times more, up to an absolute number.
const shortFactor = 10
const shortLimit = 1000
// A worker that takes this long to begin, microseconds, waits for its CPU, most often for the control thread on it: tokens that go
// there in great number are done late, and then cost the control thread its time.
const lateWake = 200

/**
 * Places in a mailbox whose tokens are short. A hundred no-ops are done in the tenth of a millisecond, and their worker sleeps and
 * has to be woken whenever the control thread is away longer than that, be it for one garbage collection.
 */
export function shortMailboxMax(mailboxMax: number): number {
  return Math.max(mailboxMax, Math.min(mailboxMax * shortFactor, shortLimit))
}

/** One core as routing sees it; kept up to date by whoever places and ends tokens. */
export class CoreState implements CoreLoad {
  readonly core: number
  readonly cpu: number
  readonly workers: readonly PinnedWorker[]
  readonly mailboxMax: number
  readonly shortMailboxMax: number
  /** Whether the token to be routed is short. A long one must not be let into a mailbox that is long because its tokens were short. */
  routesShort = false
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
    this.shortMailboxMax = shortMailboxMax(mailboxMax)
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
      const cost = worker.depth + worker.lending() * this.shortMailboxMax
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

  /** Tokens that a worker may have ahead of it. */
  placesOf(worker: PinnedWorker): number {
    return worker.newestRun < shortRun && worker.wakeTime < lateWake ? this.shortMailboxMax : this.mailboxMax
  }

  #hasRoom(worker: PinnedWorker): boolean {
    return worker.ahead < (this.routesShort ? this.placesOf(worker) : this.mailboxMax) && worker.hasPlace
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

  /** An active worker with nothing to do, or null. One with tokens that wait for their children comes last: what runs there shares its thread with them. */
  idleWorker(): PinnedWorker | null {
    let lent: PinnedWorker | null = null
    for (let slot = 0; slot < this.pattern; slot++) {
      const worker = this.workers[slot]
      if (worker === undefined || !worker.hasPlace) continue
      if (worker.depth === 0) return worker
      if (worker.ahead === 0) lent ??= worker
    }
    return lent
  }

  /** The worker whose mailbox is going to wait longest and that is none of `except`, or null when nothing waits. */
  slowestMailbox(now: number, except: readonly PinnedWorker[] = []): PinnedWorker | null {
    let slowest: PinnedWorker | null = null
    let longest = 0
    for (const worker of this.workers) {
      const wait = worker.expectedWait(now)
      if (wait <= longest || except.includes(worker)) continue
      slowest = worker
      longest = wait
    }
    return slowest
  }
}
