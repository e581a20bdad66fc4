interface Edge {
  readonly from: number
  readonly to: number
  readonly outcome: string
}

/**
 * Finds edges by their ends and their outcome: open addressing over their numbers. Maps of texts or of large numbers would
 * take most of the time in which a large graph is read.
 */
export class EdgeNumbers {
  readonly #edges: readonly Edge[]
  /** Numbers of edges, -1 where there is none. Their count is a power of two, and at least half of them are free. */
  #slots = new Int32Array(128).fill(-1)
  #count = 0

  /** `edges`: what the numbers stand for. */
  constructor(edges: readonly Edge[]) {
    this.#edges = edges
  }

  /** -1: it is not there. */
  find(from: number, to: number, outcome: string): number {
    const slots = this.#slots
    for (let slot = firstSlot(from, to, slots.length); ; slot = (slot + 1) & (slots.length - 1)) {
      const number = slots[slot] ?? -1
      const edge = this.#edges[number]
      if (edge === undefined) return -1
      if (edge.from === from && edge.to === to && edge.outcome === outcome) return number
    }
  }

  add(number: number): void {
    this.#count += 1
    if (this.#count * 2 > this.#slots.length) this.#grow()
    this.#place(number)
  }

  clear(): void {
    this.#slots.fill(-1)
    this.#count = 0
  }

  #grow(): void {
    const before = this.#slots
    this.#slots = new Int32Array(before.length * 2).fill(-1)
    for (const number of before) if (number >= 0) this.#place(number)
  }

  #place(number: number): void {
    const { from = 0, to = 0 } = this.#edges[number] ?? {}
    const slots = this.#slots
    let slot = firstSlot(from, to, slots.length)
    while ((slots[slot] ?? -1) >= 0) slot = (slot + 1) & (slots.length - 1)
    slots[slot] = number
  }
}

function firstSlot(from: number, to: number, slots: number): number {
  const mixed = Math.imul(from, 0x9e3779b1) ^ Math.imul(to, 0x85ebca6b)
  return (mixed ^ (mixed >>> 15)) & (slots - 1)
}
