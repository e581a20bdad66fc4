import { GuardhouseError } from '../../../../shared/errors.ts'

export const breakerStates = ['closed', 'open', 'half-open'] as const
export type BreakerState = (typeof breakerStates)[number]

export interface BreakerSettings {
  /** Faults in a row that open it, at least 1. */
  readonly threshold: number
  readonly cooldownMs: number
  /** Monotonic milliseconds. */
  readonly now?: () => number
}

export interface BreakerReport {
  readonly state: BreakerState
  readonly faults: number
  readonly successes: number
  /** Milliseconds until one call may probe; 0 unless open. */
  readonly remainingMs: number
}

/**
 * Keeps calls away from a provider that fails again and again. After the cool-down one call may probe while all others are
 * still refused; its success closes the breaker, its fault opens it for another cool-down. Only the provider's faults count:
 * a call that the caller got wrong, or gave up, leaves the state as it was.
 */
export class CircuitBreaker {
  readonly #settings: Required<BreakerSettings>
  #faults = 0
  #successes = 0
  #openedUntil = Number.NEGATIVE_INFINITY
  #probing = false

  constructor(settings: BreakerSettings) {
    this.#settings = { now: () => performance.now(), ...settings }
  }

  get state(): BreakerState {
    if (this.#faults < this.#settings.threshold) return 'closed'
    return this.#settings.now() < this.#openedUntil ? 'open' : 'half-open'
  }

  /** Whether a call may go now; of a half-open breaker the first that asks is the probe. */
  tryBegin(): boolean {
    const { state } = this
    if (state === 'closed') return true
    if (state === 'open' || this.#probing) return false
    this.#probing = true
    return true
  }

  /** Throws `overloaded` with the seconds that remain when no call may go now. */
  begin(provider: string): void {
    if (this.tryBegin()) return
    const seconds = (this.report().remainingMs / 1000).toFixed(2)
    throw new GuardhouseError('overloaded', `the circuit of ${provider} is ${this.state}, ${seconds} s remain`, {
      hint: 'It failed several times in a row; one call will be let through to see whether it works again.',
    })
  }

  succeeded(): void {
    this.#successes += 1
    this.#faults = 0
    this.#probing = false
  }

  failed(): void {
    this.#faults += 1
    this.#probing = false
    if (this.#faults >= this.#settings.threshold) this.#openedUntil = this.#settings.now() + this.#settings.cooldownMs
  }

  /** The call ended in a way that says nothing of the provider. */
  neither(): void {
    this.#probing = false
  }

  report(): BreakerReport {
    const { state } = this
    const remainingMs = state === 'open' ? this.#openedUntil - this.#settings.now() : 0
    return { state, faults: this.#faults, successes: this.#successes, remainingMs }
  }
}
