/** Electron's `clipboard` for text. It is the main process' own: pages have Chromium's. */
class Clipboard {
  #text = ''

  async readText(): Promise<string> {
    return this.#text
  }

  async writeText(text: string): Promise<void> {
    this.#text = text
  }

  clear(): void {
    this.#text = ''
  }
}

export const clipboard = new Clipboard()
