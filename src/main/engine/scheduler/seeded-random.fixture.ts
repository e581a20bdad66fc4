/** Random choices that a seed repeats: the generator mulberry32 by Tommy Ettinger, 32 bits of state. */
export class SeededRandom {
  #state: number

  constructor(seed: number) {
    this.#state = seed | 0
  }

  /** 0 to 1, 1 excluded. */
  share(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let bits = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }

  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.share() * (most - least + 1))
  }

  chance(probability: number): boolean {
    return this.share() < probability
  }

  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.between(0, choices.length - 1)]
    if (choice === undefined) throw new Error('nothing to pick from')
    return choice
  }

  /** One of the keys, each as often as its number says against the others. */
  weighted<Key extends string>(odds: Readonly<Record<Key, number>>): Key {
    const entries = Object.entries(odds) as [Key, number][]
    let left = this.share() * entries.reduce((sum, [, odd]) => sum + odd, 0)
    for (const [key, odd] of entries) {
      left -= odd
      if (left < 0) return key
    }
    throw new Error('nothing to pick from')
  }
}
