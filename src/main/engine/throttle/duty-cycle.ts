import { setTimeout as delay } from 'node:timers/promises'

export interface DutyCycleTime {
  /** Monotonic milliseconds. */
  now(): number
  sleep(ms: number): Promise<void>
}

const realTime: DutyCycleTime = { now: () => performance.now(), sleep: (ms) => delay(ms) }

/** Shorter sleeps than this cost more than they save; what they would have been is slept later. Milliseconds. */
const shortestSleep = 1

/**
 * Keeps work to a share of the time: whatever was worked is paid for by sleeping in proportion. Debts too small to sleep are carried
 * over and large ones paid in full, so the share holds for bursts of any length. Sleeping too long is credited.
 */
export class DutyCycle {
  readonly #quotaPct: number
  readonly #time: DutyCycleTime
  #debt = 0
  #since: number

  /** `quotaPct` 1 to 100; 100 and more never sleeps. */
  constructor(quotaPct: number, time: DutyCycleTime = realTime) {
    this.#quotaPct = quotaPct
    this.#time = time
    this.#since = time.now()
  }

  /** Sleep owed after a burst of `workedMs`, milliseconds; 0 while it is too little to be worth it. */
  owed(workedMs: number): number {
    if (this.#quotaPct >= 100) return 0
    // As the original counts it: a quota below 1 is 1 in the divisor alone.
    this.#debt += (workedMs * (100 - this.#quotaPct)) / Math.max(1, this.#quotaPct)
    return this.#debt > shortestSleep ? this.#debt : 0
  }

  /** Call between pieces of work: sleeps for what was worked since the last call. Returns the milliseconds slept. */
  async pause(): Promise<number> {
    const owed = this.owed(this.#time.now() - this.#since)
    const from = this.#time.now()
    if (owed > 0) await this.#time.sleep(owed)
    this.#since = this.#time.now()
    const slept = owed > 0 ? this.#since - from : 0
    // Oversleeping is credited, but not so much that a machine that was suspended may then run unthrottled for long.
    this.#debt = Math.max(-1000, this.#debt - slept)
    return slept
  }
}
