/** Which keys have an address. Nearly always it is one, which then is kept without a set of its own. */
export class AddressIndex {
  readonly #keys = new Map<string, string | Set<string>>()

  add(address: string, key: string): void {
    const known = this.#keys.get(address)
    if (known === undefined || known === key) this.#keys.set(address, key)
    else if (typeof known === 'string') this.#keys.set(address, new Set([known, key]))
    else known.add(key)
  }

  remove(address: string, key: string): void {
    const known = this.#keys.get(address)
    if (known === key) this.#keys.delete(address)
    else if (typeof known === 'object') known.delete(key)
  }

  /** The keys that have an address, in no special order. */
  keysOf(address: string): readonly string[] {
    const known = this.#keys.get(address)
    if (known === undefined) return []
    return typeof known === 'string' ? [known] : [...known]
  }

  clear(): void {
    this.#keys.clear()
  }
}
