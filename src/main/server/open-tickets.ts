import { createSecret } from './secret.ts'

const lifetimeMs = 60_000

/**
 * Addresses that open the window once. The arguments of a program can be read by every user of a machine, so a browser is
 * not started with the secret but with a ticket, which is worth nothing a moment later.
 */
export class OpenTickets {
  readonly #now: () => number
  readonly #expiry = new Map<string, number>()

  /** `now` is a monotonic clock in milliseconds. */
  constructor(now: () => number) {
    this.#now = now
  }

  issue(): string {
    const ticket = createSecret()
    this.#expiry.set(ticket, this.#now() + lifetimeMs)
    return ticket
  }

  /** True once for every ticket, within its minute. */
  redeem(ticket: string): boolean {
    const expiry = this.#expiry.get(ticket)
    this.#expiry.delete(ticket)
    return expiry !== undefined && this.#now() < expiry
  }
}
