/**
 * A conductor domain: the scope of one lead (a token with `externalCalls`) and all its descendants. It is opened before the lead
 * runs and closed by its last member; in between everything of it runs on the lead's core. A descendant that is a lead itself is a
 * member here until it ends, and has a domain of its own for what it submits.
 */
export interface ConductorDomain {
  readonly seed: string
  /** Sequence of the lead. */
  readonly lead: number
  /** 0 until the lead was placed. */
  core: number
  /** Members that are not over, the lead included. */
  pending: number
  /** Members so far. */
  members: number
}

/** Characters of a seed that are shown. */
export const seedInSnapshot = 12

export class ConductorDomains {
  readonly #open = new Set<ConductorDomain>()
  opened = 0

  get size(): number {
    return this.#open.size
  }

  open(seed: string, lead: number): ConductorDomain {
    const domain: ConductorDomain = { seed, lead, core: 0, pending: 1, members: 1 }
    this.#open.add(domain)
    this.opened += 1
    return domain
  }

  /** Null when the domain has closed. */
  join(domain: ConductorDomain): ConductorDomain | null {
    if (domain.pending === 0) return null
    domain.pending += 1
    domain.members += 1
    return domain
  }

  leave(domain: ConductorDomain): void {
    domain.pending -= 1
    if (domain.pending === 0) this.#open.delete(domain)
  }

  /** Open domains by the first characters of their seed; the newest wins where two begin alike. */
  snapshot(): Record<string, { core: number; pending: number }> {
    const rows: Record<string, { core: number; pending: number }> = {}
    for (const { seed, core, pending } of this.#open) rows[seed.slice(0, seedInSnapshot)] = { core, pending }
    return rows
  }
}
