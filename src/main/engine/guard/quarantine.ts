import { GuardhouseError } from '../../../shared/errors.ts'
import type { SubmitSettings } from '../scheduler/scheduler-types.ts'
import { summariseArguments } from './argument-summary.ts'
import type { Spike } from './spike-detector.ts'

export type QuarantineStatus = 'pending' | 'approved' | 'rejected' | 'expired'

/** A call that was refused because of its arguments, and what became of it. */
export interface QuarantineEntry {
  readonly id: number
  readonly at: number
  readonly operation: string
  readonly spike: Spike
  readonly reason: string
  /** Types and lengths of the arguments. */
  readonly summary: string
  status: QuarantineStatus
  reviewedBy: string | null
  reviewedAt: number | null
  /** Id of the token that an approval made. */
  token: string | null
  /** Kept until somebody decides. */
  values: readonly unknown[] | null
  readonly settings: SubmitSettings | undefined
}

const entriesKept = 1000

/** Calls held back for a person to look at: pending ones with their arguments, and the newest decided ones without. */
export class Quarantine {
  readonly #entries: QuarantineEntry[] = []
  total = 0
  approved = 0
  rejected = 0

  add(
    operation: string,
    spike: Spike,
    reason: string,
    values: readonly unknown[],
    settings: SubmitSettings | undefined,
    at: number,
    most: number,
  ): QuarantineEntry {
    this.total += 1
    const entry: QuarantineEntry = {
      id: this.total,
      at,
      operation,
      spike,
      reason,
      summary: summariseArguments(values),
      status: 'pending',
      reviewedBy: null,
      reviewedAt: null,
      token: null,
      values,
      settings,
    }
    this.#entries.push(entry)
    const pending = this.#entries.filter((candidate) => candidate.status === 'pending')
    for (const old of pending.slice(0, Math.max(0, pending.length - most))) {
      old.status = 'expired'
      old.values = null
    }
    if (this.#entries.length > entriesKept) this.#entries.shift()
    return entry
  }

  /** Newest first. */
  list(pendingOnly: boolean): QuarantineEntry[] {
    return this.#entries.filter((entry) => !pendingOnly || entry.status === 'pending').reverse()
  }

  get pending(): number {
    return this.#entries.filter((entry) => entry.status === 'pending').length
  }

  /** Throws `not-found`, and `conflict` when it has been decided. */
  pendingEntry(id: number): QuarantineEntry & { readonly values: readonly unknown[] } {
    const entry = this.#entries.find((candidate) => candidate.id === id)
    if (entry === undefined) {
      throw new GuardhouseError('not-found', `there is no call ${id} in quarantine`, {
        hint: `The newest ${entriesKept} are kept.`,
      })
    }
    if (entry.values === null) {
      const by = entry.reviewedBy === null ? '' : ` by ${entry.reviewedBy}`
      throw new GuardhouseError('conflict', `call ${id} is ${entry.status}${by} already`)
    }
    return entry as QuarantineEntry & { readonly values: readonly unknown[] }
  }

  decide(id: number, status: 'approved' | 'rejected', by: string, at: number, token: string | null): QuarantineEntry {
    const entry = this.pendingEntry(id)
    this[status] += 1
    return Object.assign(entry, { status, reviewedBy: by, reviewedAt: at, token, values: null })
  }
}
