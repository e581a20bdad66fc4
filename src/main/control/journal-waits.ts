import { GuardhouseError } from '../../shared/errors.ts'
import type { HostJournal } from './engine-surface.ts'

/** Answers that wait until the journal has what they tell, but not until a person has made room for it. */
export class JournalWaits {
  readonly #journal: Pick<HostJournal, 'trouble' | 'durable' | 'onNotice'> | null
  readonly #givingUp = new Set<() => void>()

  constructor(journal: Pick<HostJournal, 'trouble' | 'durable' | 'onNotice'> | null) {
    this.#journal = journal
    journal?.onNotice(() => {
      if (journal.trouble !== null) for (const giveUp of this.#givingUp) giveUp()
    })
  }

  /** True once everything so far is on the disk, or nothing is written down at all; false as soon as it cannot be written. */
  kept(): Promise<boolean> {
    const journal = this.#journal
    if (journal === null) return Promise.resolve(true)
    if (journal.trouble !== null) return Promise.resolve(false)
    return new Promise((resolve, reject) => {
      const giveUp = () => resolve(false)
      this.#givingUp.add(giveUp)
      journal
        .durable()
        .then(() => resolve(true), reject)
        .finally(() => this.#givingUp.delete(giveUp))
    })
  }

  /** Resolves once `what` was accepted for good. Throws `not-kept` while that cannot be: they go on all the same. */
  async accepted(what: string): Promise<void> {
    if (await this.kept()) return
    throw new GuardhouseError('not-kept', `${what}, but not yet written down: ${this.#journal?.trouble}`, {
      hint: 'Do not submit again, ask for the outcome: what was accepted goes on, and is lost only if the host ends before the journal can be written.',
    })
  }
}
