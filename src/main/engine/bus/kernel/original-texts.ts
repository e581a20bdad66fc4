/** Characters of texts that are kept after nobody holds them any more. */
const keptCharacters = 16 * 2 ** 20

interface Original {
  readonly text: string
  holders: number
}

/** Whole texts of compressed contexts, by digest: as long as what got the previews runs, and the newest ones for a while longer. */
export class OriginalTexts {
  readonly #texts = new Map<string, Original>()
  /** Held by nobody, longest first. */
  readonly #free = new Map<string, Original>()
  #freeCharacters = 0

  /** Returns the function that lets them go. */
  hold(originals: ReadonlyMap<string, string>): () => void {
    for (const [digest, text] of originals) this.#take(digest, text)
    let held = true
    return () => {
      if (!held) return
      held = false
      for (const digest of originals.keys()) this.#letGo(digest)
    }
  }

  find(digest: string): string | null {
    return this.#texts.get(digest)?.text ?? null
  }

  #take(digest: string, text: string): void {
    const known = this.#texts.get(digest)
    if (known === undefined) {
      this.#texts.set(digest, { text, holders: 1 })
      return
    }
    known.holders += 1
    if (this.#free.delete(digest)) this.#freeCharacters -= known.text.length
  }

  #letGo(digest: string): void {
    const known = this.#texts.get(digest)
    if (known === undefined) return
    known.holders -= 1
    if (known.holders > 0) return
    this.#free.set(digest, known)
    this.#freeCharacters += known.text.length
    for (const [oldest, { text }] of this.#free) {
      if (this.#freeCharacters <= keptCharacters) return
      this.#free.delete(oldest)
      this.#texts.delete(oldest)
      this.#freeCharacters -= text.length
    }
  }
}
