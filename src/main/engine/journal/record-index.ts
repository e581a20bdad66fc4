import type { SegmentView } from './segment.ts'

/** Where in a segment the records of one kind are, by token. Of several of one token the last one counts. */
export class RecordIndex {
  /** Ascending. */
  readonly #sequences: Float64Array
  readonly #records: Int32Array

  constructor(view: SegmentView, kind: number) {
    const sequences = new Float64Array(view.count)
    const records = new Int32Array(view.count)
    let count = 0
    let ascending = true
    for (let record = 0; record < view.count; record++) {
      if (view.kind(record) !== kind) continue
      const sequence = view.sequence(record)
      if (count > 0 && sequence < (sequences[count - 1] ?? 0)) ascending = false
      sequences[count] = sequence
      records[count++] = record
    }
    // Tokens are accepted in the order of their numbers; they end in any.
    const order = ascending ? null : ascendingOrder(sequences, count)
    this.#sequences =
      order === null ? sequences.subarray(0, count) : Float64Array.from(order, (at) => sequences[at] ?? 0)
    this.#records = order === null ? records.subarray(0, count) : Int32Array.from(order, (at) => records[at] ?? 0)
  }

  /** -1 when there is none. */
  find(sequence: number): number {
    let low = 0
    let high = this.#sequences.length
    // The first that is larger: what is before it is the last of this token.
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#sequences[middle] ?? 0) <= sequence) low = middle + 1
      else high = middle
    }
    return low > 0 && this.#sequences[low - 1] === sequence ? (this.#records[low - 1] ?? -1) : -1
  }
}

/** Equals stay in the order in which they are. */
function ascendingOrder(sequences: Float64Array, count: number): Int32Array {
  const order = Int32Array.from({ length: count }, (_, index) => index)
  return order.sort((a, b) => (sequences[a] ?? 0) - (sequences[b] ?? 0) || a - b)
}
