import { type StorageSpeed, storageSpeeds } from '../../../../shared/model/tags.ts'
import type { SchedulerOptions } from '../options.ts'
import { type QueueLinks, TokenQueue } from '../token-queue.ts'
import { ancestors, type TokenMarks } from './token-marks.ts'

/** How many tokens each tier lets past the gate at once. */
export function limitsOf(options: SchedulerOptions): Readonly<Record<StorageSpeed, number>> {
  return {
    SLOW: options.storageSlow,
    MODERATE: options.storageModerate,
    FAST: options.storageFast,
    INSANE: options.storageInsane,
  }
}

/**
 * One speed class of storage: a counting semaphore for tokens. A permit is taken before a worker is, so that whoever waits for
 * slow storage keeps no thread from others. A token that has a permit lends it to one of its descendants at a time: a lead that
 * awaits its children can then never wait for itself.
 */
export class StorageTier {
  readonly speed: StorageSpeed
  readonly parked: TokenQueue
  limit: number
  active = 0
  /** Permits given so far. */
  operations = 0
  /** Time that tokens have waited for a permit, microseconds. */
  waited = 0
  /** Have given a permit that has come back: a descendant may have it next. */
  readonly #lenders = new Set<TokenMarks>()

  constructor(speed: StorageSpeed, limit: number, links: QueueLinks) {
    this.speed = speed
    this.limit = limit
    this.parked = new TokenQueue(`waiting for storage ${speed}`, links)
  }

  /** True when the token has a permit now. */
  take(marks: TokenMarks, now: number): boolean {
    if (marks.permit !== 'none') return true
    const lender = this.active < this.limit ? null : this.#lenderFor(marks)
    if (this.active >= this.limit && lender === null) {
      marks.tierSince ||= now
      return false
    }
    if (lender === null) {
      this.active += 1
      marks.permit = 'own'
    } else {
      lender.borrower = marks
      marks.lender = lender
      marks.permit = 'borrowed'
    }
    this.operations += 1
    if (marks.tierSince > 0) this.waited += now - marks.tierSince
    marks.tierSince = 0
    return true
  }

  /** True when there may be something to give to others now. */
  giveBack(marks: TokenMarks): boolean {
    const { permit, lender, borrower } = marks
    marks.permit = 'none'
    marks.lender = null
    marks.borrower = null
    if (permit === 'none') return false
    if (permit === 'borrowed' && lender !== null) {
      // Its own descendant goes on with what it had borrowed.
      lender.borrower = borrower
      if (borrower !== null) borrower.lender = lender
      else this.#lenders.add(lender)
      return borrower === null
    }
    if (borrower !== null) {
      borrower.permit = 'own'
      borrower.lender = null
      return false
    }
    this.active -= 1
    return true
  }

  /** Gives what is free to those that wait, oldest first; `marksOf` reads the marks of a row. Returns the rows that may go. */
  serve(marksOf: (slot: number) => TokenMarks | null, now: number): number[] {
    const served: number[] = []
    const give = (slot: number): boolean => {
      const marks = marksOf(slot)
      if (marks === null || !this.take(marks, now)) return false
      served.push(slot)
      return true
    }
    for (const slot of this.parked) if (!give(slot)) break
    if (this.#lenders.size > 0) this.#serveDescendants(marksOf, give)
    return served
  }

  #serveDescendants(marksOf: (slot: number) => TokenMarks | null, give: (slot: number) => boolean): void {
    for (const lender of this.#lenders) {
      if (lender.permit === 'none' || lender.borrower !== null) continue
      for (const slot of this.parked) {
        const marks = marksOf(slot)
        if (marks?.permit === 'none' && isBelow(marks, lender) && give(slot)) break
      }
    }
    this.#lenders.clear()
  }

  #lenderFor(marks: TokenMarks): TokenMarks | null {
    for (const above of ancestors(marks)) {
      if (above.tier === this && above.permit !== 'none' && above.borrower === null) return above
    }
    return null
  }
}

function isBelow(marks: TokenMarks, above: TokenMarks): boolean {
  for (const each of ancestors(marks)) if (each === above) return true
  return false
}

export class StorageTiers {
  readonly tiers: readonly StorageTier[]

  constructor(limits: Readonly<Record<StorageSpeed, number>>, links: QueueLinks) {
    this.tiers = storageSpeeds.map((speed) => new StorageTier(speed, limits[speed], links))
  }

  of(speed: StorageSpeed): StorageTier {
    const tier = this.tiers.find((each) => each.speed === speed)
    if (tier === undefined) throw new Error(`there is no storage tier ${speed}`)
    return tier
  }
}
