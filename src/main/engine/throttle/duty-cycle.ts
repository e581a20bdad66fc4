/** Shorter rests than this cost more than they save; what they would have been is rested later. Milliseconds. */
const shortestRest = 1
/** A rest that took longer than it should by up to this much is credited, milliseconds: timers are no more exact than that. */
const creditedMs = 20

/**
 * When everything is paid for once some work is added that began at `startedAt` and took `workedMs`, under a quota in percent of each of
 * `cpus` CPUs; `freeAt` is when what was worked before is. All in milliseconds; 100 and more costs no rest.
 */
export function paidAt(freeAt: number, startedAt: number, workedMs: number, quotaPct: number, cpus = 1): number {
  const from = startedAt - freeAt > creditedMs ? startedAt : freeAt
  // As the original counts it: a quota below 1 is 1 in the divisor alone.
  const share = quotaPct >= 100 ? 0 : (100 - quotaPct) / Math.max(1, quotaPct)
  return from + (workedMs / cpus) * (1 + share)
}

/** What is left of a rest, milliseconds; 0 where it is too short to be worth it. */
export function restUntil(freeAt: number, now: number): number {
  const rest = freeAt - now
  return rest > shortestRest ? rest : 0
}

/**
 * Keeps work to a share of the time: whatever was worked is paid for by resting in proportion. Debts too small to rest are carried
 * over and large ones paid in full, so the share holds for bursts of any length. Time in which there was nothing to do is no
 * credit. All times are milliseconds of one monotonic clock.
 */
export class DutyCycle {
  /** When everything that was worked is paid for. */
  #freeAt = Number.NEGATIVE_INFINITY

  /** Adds work, as `paidAt` says. */
  charge(startedAt: number, workedMs: number, quotaPct: number, cpus = 1): void {
    this.#freeAt = paidAt(this.#freeAt, startedAt, workedMs, quotaPct, cpus)
  }

  /** How long nothing is to begin, milliseconds; 0 while that is too short to be worth it. */
  restMs(now: number): number {
    return restUntil(this.#freeAt, now)
  }

  /** Under no quota there is nothing to pay. */
  forgive(): void {
    this.#freeAt = Number.NEGATIVE_INFINITY
  }
}
