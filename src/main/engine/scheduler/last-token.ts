/** Waits until no token is left. */
export class LastToken {
  #ended: (() => void) | null = null

  /** Settles when the last of `live` tokens has left, after `deadlineMs` milliseconds, or when somebody gives up. */
  ended(live: number, deadlineMs: number | undefined): Promise<void> {
    if (live === 0) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = deadlineMs === undefined ? undefined : setTimeout(resolve, deadlineMs)
      this.#ended = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** A token is about to leave; `live` still counts it. */
  left(live: number): void {
    if (live <= 1) this.giveUp()
  }

  giveUp(): void {
    const ended = this.#ended
    this.#ended = null
    ended?.()
  }
}
