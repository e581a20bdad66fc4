import { ageBoundsDays, type KeptKind } from '../../../shared/model/storage.ts'
import type { Collectable, CollectSettings, Removal } from '../collection/collectable.ts'
import type { Journal } from './journal.ts'

const dayMs = 86_400_000

/**
 * Ended tokens in the journal, as one part of what is collected; beside the journal's own limits. Tokens that have not ended are
 * carried over by the journal itself. A pin holds what a receipt needs, which is nothing of the journal.
 */
export class JournalCollectable implements Collectable {
  readonly kind = 'journal'
  readonly #journal: Pick<Journal, 'retain'>

  constructor(journal: Pick<Journal, 'retain'>) {
    this.#journal = journal
  }

  async inventory(nowMs: number): Promise<readonly KeptKind[]> {
    const bounds = ageBoundsDays.map((days) => nowMs - days * dayMs)
    const { rows, bytes, ages } = await this.#journal.retain({ kind: 'ages', bounds })
    // An empty journal has its size all the same.
    const shares = ages.some((share) => share > 0) ? ages : ages.map((_, index) => (index === 0 ? 1 : 0))
    const shown = shares.map((share) => ({ items: Math.round(rows * share), bytes: Math.round(bytes * share) }))
    return [{ kind: this.kind, items: rows, bytes, ages: shown }]
  }

  async collect({ policy, maxBytes, nowMs, dryRun, signal, progress }: CollectSettings): Promise<Removal> {
    const writtenBefore = nowMs - policy.warmDays * dayMs
    const { rows, bytes } = await this.#journal.retain(
      { kind: 'remove', writtenBefore, maxBytes, dryRun },
      signal,
      (done) => progress({ step: 'ended tokens', done, total: 0 }),
    )
    return { items: rows, bytes, notes: [] }
  }
}
