import { Names } from './names.ts'
import { integers } from './number-column.ts'

/** Edges as one thread tells them to another: by edge, with the outcome as a position in `outcomes`. */
export interface EdgesOfRun {
  readonly from: Int32Array
  readonly to: Int32Array
  readonly outcome: Int32Array
  readonly outcomes: readonly string[]
}

interface Edge {
  readonly from: number
  readonly to: number
  readonly outcome: string
}

export function edgesInColumns(edges: readonly Edge[]): EdgesOfRun {
  const outcomes = new Names()
  return {
    from: Int32Array.from(edges, ({ from }) => from),
    to: Int32Array.from(edges, ({ to }) => to),
    outcome: Int32Array.from(edges, ({ outcome }) => outcomes.number(outcome)),
    outcomes: outcomes.list,
  }
}

/**
 * Edges of a run and how often each was taken, found by their ends and outcome: open addressing over their numbers, for maps
 * of texts or of large numbers would take most of the time in which a large graph is read.
 */
export class EdgeColumns {
  readonly from = integers()
  readonly to = integers()
  readonly outcome = integers()
  readonly outcomes = new Names()
  readonly taken = integers()
  /** Numbers of edges, -1 where there is none. Their count is a power of two, and at least half of them are free. */
  #slots = new Int32Array(128).fill(-1)

  get length(): number {
    return this.from.length
  }

  /** Puts declared edges behind what is there; none of them may be there yet. */
  declare({ from, to, outcome, outcomes }: EdgesOfRun): void {
    for (let edge = 0; edge < from.length; edge++) {
      this.#add(from[edge] ?? 0, to[edge] ?? 0, this.outcomes.number(outcomes[outcome[edge] ?? 0] ?? ''))
    }
  }

  /** The edge was taken `times` more. */
  take(from: number, to: number, outcome: string, times: number): void {
    const number = this.outcomes.number(outcome)
    const known = this.#find(from, to, number)
    const edge = known < 0 ? this.#add(from, to, number) : known
    this.taken.set(edge, this.taken.at(edge) + times)
  }

  #find(from: number, to: number, outcome: number): number {
    const slots = this.#slots
    for (let slot = firstSlot(from, to, slots.length); ; slot = (slot + 1) & (slots.length - 1)) {
      const edge = slots[slot] ?? -1
      if (edge < 0) return -1
      if (this.from.at(edge) === from && this.to.at(edge) === to && this.outcome.at(edge) === outcome) return edge
    }
  }

  #add(from: number, to: number, outcome: number): number {
    const edge = this.length
    this.from.push(from)
    this.to.push(to)
    this.outcome.push(outcome)
    this.taken.push(0)
    if (this.length * 2 > this.#slots.length) this.#grow()
    else this.#place(edge)
    return edge
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1)
    for (let edge = 0; edge < this.length; edge++) this.#place(edge)
  }

  #place(edge: number): void {
    const slots = this.#slots
    let slot = firstSlot(this.from.at(edge), this.to.at(edge), slots.length)
    while ((slots[slot] ?? -1) >= 0) slot = (slot + 1) & (slots.length - 1)
    slots[slot] = edge
  }
}

function firstSlot(from: number, to: number, slots: number): number {
  const mixed = Math.imul(from, 0x9e3779b1) ^ Math.imul(to, 0x85ebca6b)
  return (mixed ^ (mixed >>> 15)) & (slots - 1)
}
