import { GuardhouseError } from '../../../shared/errors.ts'

/** blocked: every call is refused. half-open: the time of a probe has come. probing: one call has been let through. */
export type BlockState = 'blocked' | 'half-open' | 'probing'

/** A probe waits at the most so often longer than the first one did. */
const longestDelayFactor = 64

/** A block on one operation: from the moment it is set until it is taken away by hand or by a probe that completes. */
export class OperationBlock {
  readonly operation: string
  readonly reason: string
  /** Who blocked it: a person, or `guard house`. */
  readonly by: string
  readonly since: number
  refused = 0
  failedProbes = 0
  /** Engine microseconds; Infinity for a block without probes. */
  probeAt: number
  #probing = false

  constructor(operation: string, reason: string, by: string, since: number, probeAfter: number) {
    this.operation = operation
    this.reason = reason
    this.by = by
    this.since = since
    this.probeAt = since + probeAfter
  }

  stateAt(now: number): BlockState {
    if (this.#probing) return 'probing'
    return now >= this.probeAt ? 'half-open' : 'blocked'
  }

  /** Lets the probe through when its time has come. Throws `not-allowed` for everything else. */
  admit(now: number): void {
    if (!this.#probing && now >= this.probeAt) {
      this.#probing = true
      return
    }
    this.refused += 1
    throw new GuardhouseError('not-allowed', `operation ${JSON.stringify(this.operation)} is blocked: ${this.reason}`, {
      hint: `Unblock it on the Operations page or with guard.unblock${this.#outlook(now)}.`,
    })
  }

  /** The probe did not complete: the next one waits twice as long. */
  probeFailed(now: number, probeAfter: number): void {
    this.failedProbes += 1
    this.#probing = false
    this.probeAt = now + probeAfter * Math.min(longestDelayFactor, 2 ** this.failedProbes)
  }

  /** The call that was let through never became a token, or was killed: the next one is the probe. */
  probeWithdrawn(): void {
    this.#probing = false
  }

  #outlook(now: number): string {
    if (this.#probing) return ', or wait for the probe that is under way'
    if (this.probeAt === Number.POSITIVE_INFINITY) return ''
    return `; a probe is let through in ${Math.ceil((this.probeAt - now) / 1e6)} s`
  }
}
