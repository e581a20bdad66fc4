import type { ConductorDomain } from './conductor-domains.ts'
import type { StickyLane } from './sticky-lanes.ts'
import type { StorageTier } from './storage-tiers.ts'

/**
 * What its tags, or those of the token that submitted it, bind a token to. Only such tokens have marks; they keep them for the
 * inspector after their end.
 */
export interface TokenMarks {
  readonly sequence: number
  /** Row of the token table; valid until the token has ended. */
  readonly slot: number
  /** Marks of the parent; null when it has none, and once this token is over. */
  parent: TokenMarks | null
  /** Its code has ended too, not only the token. */
  over: boolean
  lane: StickyLane | null
  /** The domain it leads. */
  leads: ConductorDomain | null
  /** The domain it is a member of. */
  domain: ConductorDomain | null
  tier: StorageTier | null
  permit: 'none' | 'own' | 'borrowed'
  /** Whose permit it uses. */
  lender: TokenMarks | null
  /** Who uses its permit. */
  borrower: TokenMarks | null
  /** When it first found its tier full; 0 when it did not. */
  tierSince: number
  /** Not before this instant; 0 for no such wait. */
  retryAt: number
  /** Since when this attempt waits; 0 in the first. */
  waitingSince: number
}

export function makeMarks(sequence: number, slot: number, parent: TokenMarks | null): TokenMarks {
  return {
    sequence,
    slot,
    parent,
    over: false,
    lane: null,
    leads: null,
    domain: null,
    tier: null,
    permit: 'none',
    lender: null,
    borrower: null,
    tierSince: 0,
    retryAt: 0,
    waitingSince: 0,
  }
}

/** Marks of its parent, of that one's parent, and so on, as far as they have not ended. */
export function* ancestors(marks: TokenMarks): Generator<TokenMarks> {
  for (let each = marks.parent; each !== null && !each.over; each = each.parent) yield each
}
