/** Texts that come again and again, by number. */
export class Names {
  readonly list: string[] = []
  readonly #numbers = new Map<string, number>()

  number(text: string): number {
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    const number = this.list.length
    this.list.push(text)
    this.#numbers.set(text, number)
    return number
  }

  find(text: string): number {
    return this.#numbers.get(text) ?? -1
  }

  text(number: number): string {
    return this.list[number] ?? ''
  }
}
