const chunkBits = 12
const chunkSize = 1 << chunkBits

interface Chunk {
  readonly slots: Int32Array
  used: number
}

/** From a token's sequence to its slot in the table. Sequences are dense and mostly leave in order, so chunks beat a hash map. */
export class SequenceIndex {
  readonly #chunks = new Map<number, Chunk>()
  #newest: Chunk | null = null
  #newestNumber = -1

  set(sequence: number, slot: number): void {
    const number = Math.floor(sequence / chunkSize)
    let chunk = number === this.#newestNumber ? this.#newest : (this.#chunks.get(number) ?? null)
    if (chunk === null) {
      chunk = { slots: new Int32Array(chunkSize).fill(-1), used: 0 }
      this.#chunks.set(number, chunk)
      this.#newest = chunk
      this.#newestNumber = number
    }
    chunk.slots[sequence % chunkSize] = slot
    chunk.used += 1
  }

  /** The slot, or -1 when the token is not kept. */
  get(sequence: number): number {
    return this.#chunks.get(Math.floor(sequence / chunkSize))?.slots[sequence % chunkSize] ?? -1
  }

  delete(sequence: number): void {
    const number = Math.floor(sequence / chunkSize)
    const chunk = this.#chunks.get(number)
    if (chunk === undefined) return
    chunk.slots[sequence % chunkSize] = -1
    chunk.used -= 1
    if (chunk.used === 0 && number !== this.#newestNumber) this.#chunks.delete(number)
  }

  /** Slots of all kept tokens, newest first. */
  *newestFirst(newestSequence: number): Generator<number> {
    for (let number = Math.floor(newestSequence / chunkSize); number >= 0; number--) {
      const chunk = this.#chunks.get(number)
      if (chunk === undefined) continue
      for (let index = chunkSize - 1; index >= 0; index--) {
        const slot = chunk.slots[index] ?? -1
        if (slot >= 0) yield slot
      }
    }
  }

  /** Slots of all kept tokens at once, oldest first: for those who look at very many. */
  oldestFirst(): Int32Array {
    const numbers = [...this.#chunks.keys()].sort((a, b) => a - b)
    const slots = new Int32Array(numbers.length * chunkSize)
    let count = 0
    for (const number of numbers) {
      const chunk = this.#chunks.get(number)
      if (chunk === undefined) continue
      // Iterators cost several times as much until they are compiled, and this is called too seldom for that.
      for (let index = 0; index < chunkSize; index++) {
        const slot = chunk.slots[index] ?? -1
        if (slot >= 0) slots[count++] = slot
      }
    }
    return slots.subarray(0, count)
  }
}
