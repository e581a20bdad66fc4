import type { ErrorData } from '../../../shared/errors.ts'

/** Failures of one operation that read the same once numbers and quoted text are left out. */
export interface FailurePattern {
  readonly kind: string
  /** The message of the newest one. */
  message: string
  count: number
  readonly firstAt: number
  lastAt: number
  /** Sequence of the newest token. */
  lastToken: number
}

/** Different failures kept of one operation; beyond it the one not seen for longest gives way. */
const patternsKept = 20
const longestMessage = 300

export class FailurePatterns {
  readonly #patterns = new Map<string, FailurePattern>()

  record({ kind, message }: ErrorData, sequence: number, at: number): void {
    const short = message.slice(0, longestMessage)
    const key = `${kind} ${short.replace(/"[^"]*"|'[^']*'|\d+/g, '#')}`
    const known = this.#patterns.get(key)
    // Kept in the order in which they were seen last.
    this.#patterns.delete(key)
    this.#patterns.set(key, {
      kind,
      message: short,
      count: (known?.count ?? 0) + 1,
      firstAt: known?.firstAt ?? at,
      lastAt: at,
      lastToken: sequence,
    })
    if (this.#patterns.size <= patternsKept) return
    const [oldest] = this.#patterns.keys()
    if (oldest !== undefined) this.#patterns.delete(oldest)
  }

  /** Most frequent first. */
  list(): FailurePattern[] {
    return [...this.#patterns.values()].sort((a, b) => b.count - a.count || b.lastAt - a.lastAt)
  }
}
