/**
 * Where and why a text is not JSON. `JSON.parse` tells neither in words that help somebody who types a call: its messages
 * name characters, not mistakes. Grammar: RFC 8259.
 */
export interface JsonProblem {
  /** What is wrong and what to write instead, one sentence. */
  readonly message: string
  /** 0-based offset into the text. */
  readonly offset: number
}

/** Null when the text is JSON. */
export function findJsonProblem(text: string): JsonProblem | null {
  try {
    const checker = new JsonChecker(text)
    checker.value(0)
    checker.end()
    return null
  } catch (error) {
    if (error instanceof JsonMistake) return { message: error.message, offset: error.offset }
    throw error
  }
}

/** 1-based line and column of an offset. */
export function positionOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset)
  const lineStart = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: offset - lineStart + 1 }
}

class JsonMistake extends Error {
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

const maxDepth = 200
const wordCharacter = /[\p{L}\p{N}_$.-]/u
const numberForm = /-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y
const constants = ['true', 'false', 'null']

const closing: Readonly<Record<string, string>> = { '[': ']', '{': '}' }

class JsonChecker {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  value(depth: number): void {
    this.#space()
    const character = this.#text[this.#at]
    if (character === undefined) throw this.#mistake('A value is missing here.')
    if (depth > maxDepth) throw this.#mistake(`It is nested deeper than ${maxDepth}.`)
    if (character === '{' || character === '[') this.#list(character, depth)
    else if (character === '"') this.#string()
    else this.#bare(character)
  }

  end(): void {
    this.#space()
    if (this.#at < this.#text.length) throw this.#mistake('The value ends before this; only one value fits here.')
  }

  #list(open: string, depth: number): void {
    const start = this.#at
    const close = closing[open] ?? ''
    this.#at++
    this.#space()
    if (this.#take(close)) return
    for (;;) {
      if (open === '{') this.#key()
      this.value(depth + 1)
      this.#space()
      if (this.#take(close)) return
      if (this.#at >= this.#text.length)
        throw this.#mistake(`This bracket is never closed: "${close}" is missing.`, start)
      this.#comma(close)
    }
  }

  #comma(close: string): void {
    if (!this.#take(',')) throw this.#mistake(`A comma or "${close}" is missing before this.`)
    const comma = this.#at - 1
    this.#space()
    if (this.#text[this.#at] === close)
      throw this.#mistake(`Take this comma away: nothing follows it before "${close}".`, comma)
  }

  #key(): void {
    this.#space()
    if (this.#text[this.#at] !== '"') throw this.#mistake('The name of a field goes here, in double quotes.')
    this.#string()
    this.#space()
    if (!this.#take(':')) throw this.#mistake('A colon is missing between the name and its value.')
  }

  #string(): void {
    const start = this.#at
    this.#at++
    for (;;) {
      const character = this.#text[this.#at]
      if (character === undefined || character === '\n')
        throw this.#mistake('This text is never closed: " is missing.', start)
      if (character < ' ') throw this.#mistake('Write this control character with a backslash, such as \\t.')
      if (character === '\\') this.#escape()
      else this.#at++
      if (character === '"') return
    }
  }

  #escape(): void {
    const rest = this.#text.slice(this.#at, this.#at + 6)
    const form = /^\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/.exec(rest)
    if (form === null) throw this.#mistake('After a backslash comes one of " \\ / b f n r t, or u and four digits.')
    this.#at += form[0].length
  }

  /** Numbers and constants, and what people type in their place. */
  #bare(character: string): void {
    const word = this.#word()
    numberForm.lastIndex = this.#at
    const number = numberForm.exec(this.#text)?.[0]
    if (number !== undefined && number === word) this.#at += number.length
    else if (constants.includes(word)) this.#at += word.length
    else throw this.#mistake(whyNotBare(character, word))
  }

  /** Letters, digits and what else a number or a constant is made of, from here on. */
  #word(): string {
    let end = this.#at
    for (const character of this.#text.slice(this.#at)) {
      const partOfNumber = character === '+' && /[eE]/.test(this.#text[end - 1] ?? '')
      if (!wordCharacter.test(character) && !partOfNumber) break
      end += character.length
    }
    return this.#text.slice(this.#at, end)
  }

  #space(): void {
    while (/[ \t\n\r]/.test(this.#text[this.#at] ?? '')) this.#at++
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false
    this.#at++
    return true
  }

  #mistake(message: string, offset = this.#at): JsonMistake {
    return new JsonMistake(message, offset)
  }
}

function whyNotBare(character: string, word: string): string {
  if (character === "'" || character === '`') return 'Texts are written in double quotes.'
  if (character === ',' || character === ']' || character === '}') return 'A value is missing before this.'
  if (word === 'undefined') return 'JSON has no undefined; leave the argument empty, or write null.'
  if (word === 'NaN' || word.endsWith('Infinity'))
    return `JSON has no ${word}; write {"$type": "number", "value": "${word}"}.`
  if (/^-?\d+n$/.test(word)) return `Write {"$type": "bigint", "value": "${word.slice(0, -1)}"}.`
  if (/^[-+.]?\d/.test(word)) return 'This is not a number as JSON writes it: no leading zero, plus or bare point.'
  if (word === '') return 'A value cannot begin with this.'
  const short = word.length > 20 ? `${word.slice(0, 20)}…` : word
  return `Texts are written in double quotes: "${short}".`
}
