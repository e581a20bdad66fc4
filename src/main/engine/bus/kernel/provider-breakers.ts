import { type BreakerReport, type BreakerSettings, CircuitBreaker } from './circuit-breaker.ts'

const providersKept = 1000

/** One breaker for each provider, shared by whoever calls it. */
export class ProviderBreakers {
  /** Longest unused first. */
  readonly #breakers = new Map<string, CircuitBreaker>()

  /** The settings of whoever comes first hold. */
  of(provider: string, settings: BreakerSettings): CircuitBreaker {
    const breaker = this.#breakers.get(provider) ?? new CircuitBreaker(settings)
    this.#breakers.delete(provider)
    this.#breakers.set(provider, breaker)
    if (this.#breakers.size > providersKept) this.#forgetOne()
    return breaker
  }

  reports(): Readonly<Record<string, BreakerReport>> {
    return Object.fromEntries([...this.#breakers].map(([provider, breaker]) => [provider, breaker.report()]))
  }

  /** One that keeps nobody away, if there is one. */
  #forgetOne(): void {
    const [longest] = this.#breakers.keys()
    const closed = this.#breakers.entries().find(([, breaker]) => breaker.report().faults === 0)
    const forgotten = closed?.[0] ?? longest
    if (forgotten !== undefined) this.#breakers.delete(forgotten)
  }
}
