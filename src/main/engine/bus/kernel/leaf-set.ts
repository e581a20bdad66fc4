/**
 * Numbers that were met, as ranges: leaves of a batch are mostly made one after the other, and then millions of them are one
 * range. Looking up and adding cost the logarithm of the number of ranges, and the move of those behind a new one.
 */
export class LeafSet {
  /** Begin and end (exclusive) of each range, in order; ranges do not touch. */
  readonly #begins: bigint[] = []
  readonly #ends: bigint[] = []
  #size = 0n

  get size(): bigint {
    return this.#size
  }

  get ranges(): number {
    return this.#begins.length
  }

  has(leaf: bigint): boolean {
    const before = this.#lastBeginningUpTo(leaf)
    return before >= 0 && leaf < (this.#ends[before] ?? 0n)
  }

  /** False when it was there. */
  add(leaf: bigint): boolean {
    const before = this.#lastBeginningUpTo(leaf)
    const end = this.#ends[before]
    if (end !== undefined && leaf < end) return false
    this.#size += 1n
    const touchesBefore = end === leaf
    const touchesNext = this.#begins[before + 1] === leaf + 1n
    if (touchesBefore && touchesNext) {
      this.#ends.splice(before, 1)
      this.#begins.splice(before + 1, 1)
    } else if (touchesBefore) this.#ends[before] = leaf + 1n
    else if (touchesNext) this.#begins[before + 1] = leaf
    else {
      this.#begins.splice(before + 1, 0, leaf)
      this.#ends.splice(before + 1, 0, leaf + 1n)
    }
    return true
  }

  /** Takes back what was added. */
  delete(leaf: bigint): void {
    const at = this.#lastBeginningUpTo(leaf)
    const begin = this.#begins[at]
    const end = this.#ends[at]
    if (begin === undefined || end === undefined || leaf >= end) return
    this.#size -= 1n
    const rest = [begin, leaf, leaf + 1n, end]
    const kept = rest[0] === rest[1] ? rest.slice(2) : rest[2] === rest[3] ? rest.slice(0, 2) : rest
    const whole = begin + 1n === end ? [] : kept
    this.#begins.splice(at, 1, ...whole.filter((_, index) => index % 2 === 0))
    this.#ends.splice(at, 1, ...whole.filter((_, index) => index % 2 === 1))
  }

  #lastBeginningUpTo(leaf: bigint): number {
    let low = 0
    let high = this.#begins.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#begins[middle] ?? 0n) <= leaf) low = middle + 1
      else high = middle
    }
    return low - 1
  }
}
