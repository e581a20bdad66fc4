/** Links for every slot of the token table: a token is in at most one queue at a time, so one pair of columns serves all queues. */
export class QueueLinks {
  next = new Int32Array(0)
  previous = new Int32Array(0)
  /** Rank in the order of acceptance; queues are sorted by it. */
  rank = new Float64Array(0)
  readonly queueOf: (TokenQueue | null)[] = []

  grow(capacity: number): void {
    this.next = grown(this.next, new Int32Array(capacity))
    this.previous = grown(this.previous, new Int32Array(capacity))
    this.rank = grown(this.rank, new Float64Array(capacity))
  }
}

function grown<T extends Int32Array | Float64Array>(from: T, into: T): T {
  into.set(from)
  return into
}

/** A first-in first-out queue of table slots that gives up any of them in constant time and keeps the order of acceptance. */
export class TokenQueue {
  readonly name: string
  head = -1
  tail = -1
  length = 0
  readonly #links: QueueLinks

  constructor(name: string, links: QueueLinks) {
    this.name = name
    this.#links = links
  }

  headRank(): number {
    return this.head < 0 ? Number.POSITIVE_INFINITY : (this.#links.rank[this.head] ?? 0)
  }

  /** Adds the slot where its rank belongs; at either end in constant time, which are the usual cases: new tokens, and old ones that come back. */
  insert(slot: number): void {
    const { rank, previous, next } = this.#links
    const own = rank[slot] ?? 0
    let after = this.tail
    let behind = this.head
    // From both ends at once: the nearer one decides what it costs.
    while (after >= 0 && (rank[after] ?? 0) > own) {
      if (behind < 0 || (rank[behind] ?? 0) > own) {
        after = behind < 0 ? -1 : (previous[behind] ?? -1)
        break
      }
      after = previous[after] ?? -1
      behind = next[behind] ?? -1
    }
    this.#link(slot, after)
  }

  /** Moves everything of `other` here, each where its rank belongs, in one pass over both. */
  merge(other: TokenQueue): void {
    const { next, rank } = this.#links
    let after = -1
    let here = this.head
    for (let slot = other.head; slot >= 0; slot = other.head) {
      while (here >= 0 && (rank[here] ?? 0) < (rank[slot] ?? 0)) {
        after = here
        here = next[here] ?? -1
      }
      other.remove(slot)
      this.#link(slot, after)
      after = slot
    }
  }

  remove(slot: number): void {
    const { next, previous, queueOf } = this.#links
    const before = previous[slot] ?? -1
    const behind = next[slot] ?? -1
    if (before < 0) this.head = behind
    else next[before] = behind
    if (behind < 0) this.tail = before
    else previous[behind] = before
    queueOf[slot] = null
    this.length -= 1
  }

  *[Symbol.iterator](): Generator<number> {
    const { next } = this.#links
    for (let slot = this.head; slot >= 0; ) {
      // The visitor may remove the slot it holds.
      const behind = next[slot] ?? -1
      yield slot
      slot = behind
    }
  }

  #link(slot: number, after: number): void {
    const { next, previous, queueOf } = this.#links
    const behind = after < 0 ? this.head : (next[after] ?? -1)
    previous[slot] = after
    next[slot] = behind
    if (after < 0) this.head = slot
    else next[after] = slot
    if (behind < 0) this.tail = slot
    else previous[behind] = slot
    queueOf[slot] = this
    this.length += 1
  }
}
