import type { HostEvent } from '../../shared/contract/system.ts'

/** An entry that grows, as that of a loop which submits, is told of at most so often. Milliseconds. */
const growingMs = 250

/** Tells of every new entry of the audit log at once, and of changes to the newest one at a pace: a flood of them would push other events out. */
export class AuditEvents {
  readonly #emit: (event: HostEvent) => void
  #newest = 0
  #timer: NodeJS.Timeout | null = null

  constructor(emit: (event: HostEvent) => void) {
    this.#emit = emit
  }

  /** The entry with this number is new or has changed. */
  tell(id: number): void {
    if (id !== this.#newest) {
      if (this.#timer !== null) this.#tellChange()
      this.#newest = id
      this.#emit({ kind: 'audit', id })
      return
    }
    if (this.#timer !== null) return
    this.#timer = setTimeout(() => this.#tellChange(), growingMs)
    this.#timer.unref()
  }

  #tellChange(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#emit({ kind: 'audit', id: this.#newest })
  }
}
