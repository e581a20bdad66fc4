/** What retries did, in the original's words (section 8.1): a backup is a token that is being tried again. */
export class OverflowStatistics {
  created = 0
  succeeded = 0
  exhausted = 0
  readonly #active = new Set<number>()

  /** The token is tried once more. */
  again(sequence: number): void {
    this.created += 1
    this.#active.add(sequence)
  }

  /** Call it for tokens of more than one attempt. */
  ended(sequence: number, completed: boolean): void {
    if (!this.#active.delete(sequence)) return
    if (completed) this.succeeded += 1
    else this.exhausted += 1
  }

  report() {
    return {
      total_retries_created: this.created,
      total_retries_succeeded: this.succeeded,
      total_retries_exhausted: this.exhausted,
      active_backups: this.#active.size,
      exhausted_backups: this.exhausted,
    }
  }
}
