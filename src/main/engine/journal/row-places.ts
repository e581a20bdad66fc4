/** By slot of the scheduler's table, the batches in which its token was accepted and ended; 0 where that was before this run. */
export class RowPlaces {
  #accepted = new Float64Array(1024)
  #ended = new Float64Array(1024)

  accepted(slot: number, batch: number): void {
    if (slot >= this.#accepted.length) this.#grow(slot)
    this.#accepted[slot] = batch
  }

  ended(slot: number, batch: number): void {
    if (slot >= this.#accepted.length) this.#grow(slot)
    this.#ended[slot] = batch
  }

  acceptedIn(slot: number): number {
    return this.#accepted[slot] ?? 0
  }

  endedIn(slot: number): number {
    return this.#ended[slot] ?? 0
  }

  /** The slot is free for another token. */
  forget(slot: number): void {
    if (slot >= this.#accepted.length) return
    this.#accepted[slot] = 0
    this.#ended[slot] = 0
  }

  #grow(slot: number): void {
    const length = Math.max(slot + 1, this.#accepted.length * 2)
    const accepted = new Float64Array(length)
    const ended = new Float64Array(length)
    accepted.set(this.#accepted)
    ended.set(this.#ended)
    this.#accepted = accepted
    this.#ended = ended
  }
}
