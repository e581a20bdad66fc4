export interface Notice {
  readonly level: 'info' | 'warn' | 'error'
  readonly text: string
  readonly at: number
}

/** What people should hear of at once, whatever page they look at. */
export class Notices {
  readonly #now: () => number
  readonly #listeners = new Set<(notice: Notice) => void>()

  constructor(now: () => number) {
    this.#now = now
  }

  listen(listener: (notice: Notice) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  tell(level: Notice['level'], text: string): void {
    const notice = { level, text, at: this.#now() }
    for (const listener of this.#listeners) listener(notice)
  }
}
