import { inspect, isDeepStrictEqual } from 'node:util'

/** One result that was known beforehand, over all the tokens that should have given it. */
export interface Oracle {
  /** What was checked: `cpu.simple of 300`. */
  readonly name: string
  readonly held: boolean
  /** Expected and found, where they differ; else how many tokens agreed. */
  readonly detail: string
}

/** A token that failed although nothing asked it to. */
export interface UnexpectedFailure {
  readonly name: string
  readonly kind: string
  readonly message: string
}

export interface Tally {
  /** Tokens that ended as they should: right results and failures that were asked for. */
  readonly settled: number
  readonly expectedFailures: number
  /** Tokens that somebody killed or drained, or whose time was up. Nothing is wrong with those. */
  readonly endedEarly: number
  /** At most 50. */
  readonly failures: readonly UnexpectedFailure[]
  readonly oraclesHeld: boolean
  readonly oracles: readonly Oracle[]
}

/** Ends that say nothing about the operation: people and deadlines may end any token. */
const earlyEnds = ['killed', 'timeout', 'stopped', 'worker-lost']
const maxFailures = 50

interface Checked {
  right: number
  wrong: string | null
}

/** Judges outcomes one by one and sums them up. */
export class Verdicts {
  readonly #checked = new Map<string, Checked>()
  readonly #failures: UnexpectedFailure[] = []
  #settled = 0
  #expectedFailures = 0
  #endedEarly = 0

  /** A token that completed. `problem` says what is wrong with its result, null when nothing is. */
  completed(name: string, problem: string | null): void {
    this.#settled += 1
    const checked = this.#of(name)
    if (problem === null) checked.right += 1
    else checked.wrong ??= problem
  }

  /** A token that rejected with `error`; `expected` when that is what it is for. */
  rejected(name: string, error: unknown, expected: boolean): void {
    this.#settled += 1
    const kind = kindOf(error)
    if (earlyEnds.includes(kind)) {
      this.#endedEarly += 1
    } else if (expected && kind === 'operation-failed') {
      this.#expectedFailures += 1
      this.#of(name).right += 1
    } else {
      const message = error instanceof Error ? error.message : String(error)
      this.#of(name).wrong ??= `failed: ${message}`
      if (this.#failures.length < maxFailures) this.#failures.push({ name, kind, message })
    }
  }

  tally(): Tally {
    const oracles = [...this.#checked].map(([name, { right, wrong }]) => {
      return { name, held: wrong === null, detail: wrong ?? `${right} ${right === 1 ? 'token' : 'tokens'} agreed` }
    })
    return {
      settled: this.#settled,
      expectedFailures: this.#expectedFailures,
      endedEarly: this.#endedEarly,
      failures: this.#failures,
      oraclesHeld: oracles.every(({ held }) => held),
      oracles,
    }
  }

  #of(name: string): Checked {
    let checked = this.#checked.get(name)
    if (checked === undefined) {
      checked = { right: 0, wrong: null }
      this.#checked.set(name, checked)
    }
    return checked
  }
}

/** Null when both are the same, else both in one sentence. */
export function difference(found: unknown, expected: unknown): string | null {
  if (isDeepStrictEqual(found, expected)) return null
  return `expected ${shortly(expected)}, found ${shortly(found)}`
}

function shortly(value: unknown): string {
  const text = inspect(value, { breakLength: Number.POSITIVE_INFINITY })
  return text.length > 120 ? `${text.slice(0, 120)}…` : text
}

function kindOf(error: unknown): string {
  return error instanceof Error && 'kind' in error ? String(error.kind) : 'operation-failed'
}
