import { inventedError } from './invented-texts.ts'
import type { MadeUpOperation } from './made-up-operation.ts'
import { Random } from './random.ts'
import type { TokenRecord } from './token-record.ts'
import { TokenStore } from './token-store.ts'

/** Microseconds of history that exist when the host starts. */
export const history = 600_000_000
const slotsPerCore = 2
const mailboxMax = 100
// Beyond this nothing new is invented: the queue of a machine without cores would grow for ever.
const waitingMax = 2000
const liveAtStart = 40
const evictedAtStart = 4217

export interface MadeUpWorker {
  readonly core: number
  readonly slot: number
  readonly mailbox: TokenRecord[]
  running: TokenRecord | null
  /** When the run or the present state began. */
  since: number
  executed: number
  restarts: number
}

export interface SchedulerOptions {
  readonly cores: number
  readonly tokens: number
  readonly rate: number
  readonly operations: readonly MadeUpOperation[]
  readonly failing: boolean
  readonly paused: boolean
  readonly seed: number
  /** Wall clock of the made-up epoch, milliseconds since 1970 UTC. */
  readonly epochWall: number
  /** Microseconds since it. */
  readonly now: () => number
}

/** Plays a scheduler: tokens are created, wait, are admitted, run and end, without any work being done. */
export class MadeUpScheduler {
  readonly store: TokenStore
  readonly workers: MadeUpWorker[] = []
  readonly patterns: number[]
  readonly now: () => number
  gatePaused: boolean
  readonly #options: SchedulerOptions
  readonly #random: Random
  #waiting: TokenRecord[] = []
  #owed = 0
  #lastTick: number

  constructor(options: SchedulerOptions) {
    this.#options = options
    this.now = options.now
    this.gatePaused = options.paused
    this.#random = new Random(options.seed)
    this.store = new TokenStore(Math.max(options.tokens, 2000), options.epochWall, this.#random)
    this.patterns = Array.from({ length: options.cores }, () => slotsPerCore)
    this.#lastTick = options.now()
    for (let core = 1; core <= options.cores; core++) {
      for (let slot = 0; slot < slotsPerCore; slot++) {
        this.workers.push({ core, slot, mailbox: [], running: null, since: this.now(), executed: 0, restarts: 0 })
      }
    }
    if (options.tokens > 0 && options.operations.length > 0) this.#inventHistory()
  }

  get slotsPerCore(): number {
    return slotsPerCore
  }

  get mailboxMax(): number {
    return mailboxMax
  }

  /** One step; call about ten times a second. */
  tick(): void {
    const now = this.now()
    const seconds = (now - this.#lastTick) / 1_000_000
    this.#lastTick = now
    this.#endRuns(now)
    this.#admit(now)
    this.#startRuns(now)
    // Bursts, so that something visibly happens: half the rate, then twice, in a rhythm of twenty seconds.
    const burst = 1.25 + 0.75 * Math.sin(now / 3_200_000)
    this.#owed += this.#options.rate * seconds * burst
    for (; this.#owed >= 1; this.#owed--) this.#create(now)
    this.store.evict()
  }

  submit(token: TokenRecord): void {
    this.#waiting.push(token)
  }

  /** Ends a token that has not ended, wherever it is. */
  kill(token: TokenRecord, reason: string): void {
    this.#leave(token)
    token.killReason = reason === '' ? 'no reason given' : reason
    token.ended = this.now()
    this.store.move(token, 'KILLED')
    token.operation.lastError = inventedError(token)
  }

  /** Tokens that a person paused one by one. Only what waits can be. */
  heldNow(): number {
    return this.#waiting.reduce((held, token) => held + (token.held ? 1 : 0), 0)
  }

  waitingReason(token: TokenRecord): string | null {
    if (token.state === 'ADMITTED') {
      const worker = this.#workerOf(token)
      const ahead = worker === undefined ? 0 : worker.mailbox.indexOf(token)
      return `It is in the mailbox of core ${token.core}, slot ${token.slot}, behind ${ahead} others and the token that runs there.`
    }
    if (token.state !== 'WAITING') return null
    if (token.held) return 'Ada paused this token; resume it to let it go on.'
    if (this.gatePaused) return 'The gate is paused: nothing is admitted until it is resumed.'
    if (token.operation.paused) return `The operation ${token.operation.entry.operation} is paused.`
    if (this.workers.length === 0) return 'There is no core to run it on.'
    return `Every mailbox of its eligible cores is full: ${mailboxMax} of ${mailboxMax} on each.`
  }

  #inventHistory(): void {
    this.store.created = evictedAtStart
    this.store.evicted = evictedAtStart
    const { tokens } = this.#options
    const now = this.now()
    for (let index = 0; index < tokens; index++) {
      const created = Math.round((history * index) / tokens)
      const token = this.store.add({ operation: this.#someOperation(), created, parent: this.#someParent() })
      if (index >= tokens - liveAtStart || this.workers.length === 0) this.#waiting.push(token)
      else this.#inventEnd(token, now)
    }
  }

  #inventEnd(token: TokenRecord, now: number): void {
    const worker = this.#random.pick(this.workers)
    token.core = worker.core
    token.slot = worker.slot
    token.admitted = token.created + this.#random.longTailed(90)
    token.started = token.admitted + this.#random.longTailed(4000)
    const run = this.#random.longTailed(Math.min(token.operation.entry.medianRun, 1500)) * 1000
    token.ended = Math.min(token.started + run, now)
    this.#settle(token)
    worker.executed++
  }

  #someOperation(): MadeUpOperation {
    // The first operations are called more often than the last, as in life.
    const { operations } = this.#options
    const operation = operations[Math.floor(operations.length * this.#random.fraction() ** 1.6)]
    if (operation === undefined) throw new Error('no operation to invent a token of')
    // What never ends would soon fill every worker.
    return operation.entry.medianRun > 60_000 && this.#random.chance(0.995) ? this.#someOperation() : operation
  }

  #someParent(): string | null {
    if (this.store.tokens.length === 0 || !this.#random.chance(0.06)) return null
    const back = 1 + this.#random.below(Math.min(20, this.store.tokens.length))
    return this.store.tokens.at(-back)?.id ?? null
  }

  #create(now: number): void {
    if (this.#options.operations.length === 0 || this.#waiting.length >= waitingMax) return
    this.submit(this.store.add({ operation: this.#someOperation(), created: now, parent: this.#someParent() }))
  }

  #endRuns(now: number): void {
    for (const worker of this.workers) {
      const token = worker.running
      if (token === null || token.due > now) continue
      token.ended = token.due
      this.#settle(token)
      this.#free(worker, now)
    }
  }

  #settle(token: TokenRecord): void {
    const { entry } = token.operation
    const fails = this.#options.failing ? Math.max(entry.fails, 0.6) : entry.fails
    const timedOut = token.timeout !== null && (token.ended ?? 0) - (token.started ?? 0) > token.timeout * 1000
    if (timedOut) this.store.move(token, 'TIMEOUT')
    else this.store.move(token, this.#random.chance(fails) ? 'FAILED' : 'COMPLETED')
    if (token.state !== 'COMPLETED') token.operation.lastError = inventedError(token)
  }

  #free(worker: MadeUpWorker, now: number): void {
    if (worker.running?.operation.entry.operation === 'thread.dies') worker.restarts++
    worker.running = null
    worker.since = now
    worker.executed++
  }

  #admit(now: number): void {
    if (this.gatePaused || this.workers.length === 0) return
    const stays: TokenRecord[] = []
    for (const token of this.#waiting) {
      if (token.state !== 'WAITING') continue
      const worker = this.workers[token.seed % this.workers.length]
      const full = worker === undefined || worker.mailbox.length >= mailboxMax
      if (token.held || token.operation.paused || full) stays.push(token)
      else this.#place(token, worker, now)
    }
    this.#waiting = stays
  }

  #place(token: TokenRecord, worker: MadeUpWorker, now: number): void {
    token.core = worker.core
    token.slot = worker.slot
    token.admitted = now
    worker.mailbox.push(token)
    this.store.move(token, 'ADMITTED')
  }

  #startRuns(now: number): void {
    for (const worker of this.workers) {
      if (worker.running !== null) continue
      const token = worker.mailbox.shift()
      if (token === undefined) continue
      token.started = now
      token.due = now + this.#random.longTailed(token.operation.entry.medianRun) * 1000
      worker.running = token
      worker.since = now
      this.store.move(token, 'EXECUTING')
    }
  }

  #workerOf(token: TokenRecord): MadeUpWorker | undefined {
    return this.workers.find((worker) => worker.core === token.core && worker.slot === token.slot)
  }

  #leave(token: TokenRecord): void {
    const worker = this.#workerOf(token)
    if (worker === undefined) return
    const place = worker.mailbox.indexOf(token)
    if (place >= 0) worker.mailbox.splice(place, 1)
    if (worker.running === token) this.#free(worker, this.now())
  }
}
