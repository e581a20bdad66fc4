import { type QueueLinks, TokenQueue } from '../token-queue.ts'
import type { TokenMarks } from './token-marks.ts'

/** The serial lane of one sticky key: at most one of its tokens is past the gate, and all of them go to one core. */
export class StickyLane {
  /** Exactly as every token of the lane keeps it, so that what was pinned is what is released. */
  readonly key: string
  /** Where its tokens go; 0 until the first was placed. */
  core = 0
  /** Tokens that have the key and are not over: the pin holds as long as there are any. */
  tokens = 0
  /** Whose turn it is. */
  holder: TokenMarks | null = null
  readonly parked: TokenQueue

  constructor(key: string, links: QueueLinks) {
    this.key = key
    this.parked = new TokenQueue(`anchored to ${key}`, links)
  }

  /** True when it is this token's turn. */
  take(marks: TokenMarks): boolean {
    this.holder ??= marks
    return this.holder === marks
  }

  /** True when the token had the turn. */
  giveBack(marks: TokenMarks): boolean {
    if (this.holder !== marks) return false
    this.holder = null
    return true
  }
}

/** Lanes by key, each as long as a token has its key. */
export class StickyLanes {
  readonly #lanes = new Map<string, StickyLane>()
  readonly #links: QueueLinks

  constructor(links: QueueLinks) {
    this.#links = links
  }

  get size(): number {
    return this.#lanes.size
  }

  [Symbol.iterator](): Iterator<StickyLane> {
    return this.#lanes.values()
  }

  enter(key: string): StickyLane {
    let lane = this.#lanes.get(key)
    if (lane === undefined) {
      lane = new StickyLane(key, this.#links)
      this.#lanes.set(key, lane)
    }
    lane.tokens += 1
    return lane
  }

  leave(lane: StickyLane): void {
    lane.tokens -= 1
    if (lane.tokens === 0) this.#lanes.delete(lane.key)
  }
}

/**
 * True when the token that has the lane's turn waits for `marks` to end: because it is an ancestor of it, or because an ancestor
 * of a token that waits behind an ancestor of it. Waiting for such a lane would never end. That a parent waits for its children is
 * assumed; nobody can see whether it will.
 */
export function waitsForItself(marks: TokenMarks, marksOf: (slot: number) => TokenMarks | null): boolean {
  const holder = marks.lane?.holder
  if (holder == null) return false
  const waiting = new Set<TokenMarks>([marks])
  for (const each of waiting) {
    if (each === holder) return true
    // Whoever waits for a token waits for what that one waits for; the set grows while it is walked.
    if (each.parent !== null && !each.parent.over) waiting.add(each.parent)
    if (each.lane?.holder !== each) continue
    for (const slot of each.lane.parked) {
      const behind = marksOf(slot)
      if (behind !== null) waiting.add(behind)
    }
  }
  return false
}
