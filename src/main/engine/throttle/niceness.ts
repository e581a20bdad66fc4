import { getPriority, setPriority } from 'node:os'

/** The system's own ends of the scale. */
const nicest = 19

/**
 * By how much a CPU quota in percent raises a niceness: (100 - quota) / 5.2, halves to the even neighbour, 0 to 19. Null at 100 and
 * above: nothing is asked of the system.
 */
export function nicenessFor(quotaPct: number): number | null {
  if (quotaPct >= 100) return null
  return Math.min(nicest, Math.max(0, roundHalfToEven((100 - Math.max(1, quotaPct)) / 5.2)))
}

function roundHalfToEven(value: number): number {
  const below = Math.floor(value)
  const rest = value - below
  // 2.5 may come out of the division a little beside itself.
  if (Math.abs(rest - 0.5) > 1e-9) return Math.round(value)
  return below % 2 === 0 ? below : below + 1
}

export interface PriorityCalls {
  get(target: number): number
  set(target: number, niceness: number): void
}

/** What came of a change, told rather than swallowed. */
export interface NicenessChange {
  /** Before and now; equal when nothing was changed. */
  readonly before: number
  readonly now: number
  /** Null: all is as asked. */
  readonly problem: string | null
}

/**
 * Lowers the priority of a process, or on Linux of one thread by its kernel id, and brings back exactly what it was. Raising it back
 * needs a right that few have, so a process that must be quick again later is better given a child to slow down; when it is
 * refused, `restore` says so.
 */
export class Niceness {
  readonly #target: number
  readonly #calls: PriorityCalls
  #original: number | null = null

  /** `target` 0: this process. */
  constructor(target = 0, calls: PriorityCalls = { get: getPriority, set: setPriority }) {
    this.#target = target
    this.#calls = calls
  }

  /** Adds what the quota asks to the niceness it had at first, however often it is called. */
  apply(quotaPct: number): NicenessChange {
    const delta = nicenessFor(quotaPct)
    let before = 0
    try {
      before = this.#calls.get(this.#target)
      if (delta === null) return { before, now: before, problem: null }
      this.#original ??= before
      return this.#change(before, Math.min(nicest, this.#original + delta))
    } catch (error) {
      return { before, now: before, problem: `the priority cannot be changed: ${textOf(error)}` }
    }
  }

  /** Sets what `apply` found at first. */
  restore(): NicenessChange {
    const original = this.#original
    let before = 0
    try {
      before = this.#calls.get(this.#target)
      if (original === null) return { before, now: before, problem: null }
      const change = this.#change(before, original)
      this.#original = null
      return change
    } catch (error) {
      return { before, now: before, problem: `the priority stays at ${before}: ${textOf(error)}` }
    }
  }

  #change(before: number, wanted: number): NicenessChange {
    if (wanted !== before) this.#calls.set(this.#target, wanted)
    const now = this.#calls.get(this.#target)
    return { before, now, problem: now === wanted ? null : `asked for ${wanted}, the system says ${now}` }
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
