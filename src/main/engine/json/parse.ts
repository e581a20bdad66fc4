import { GuardhouseError } from '../../../shared/errors.ts'
import { integer, JsonFloat, type JsonNumber, type JsonValue } from './value.ts'

/** A text that is not JSON. `message` ends with line, column and character. */
export class JsonSyntaxError extends GuardhouseError {
  constructor(problem: string, text: string, index: number) {
    const before = text.slice(0, index)
    const line = before.split('\n').length
    const column = index - before.lastIndexOf('\n')
    super('bad-request', `${problem}: line ${line} column ${column} (char ${index})`)
    this.name = 'JsonSyntaxError'
  }
}

/**
 * Parses JSON without losing integers, floats or key order. As the reference does, it takes NaN, Infinity and
 * -Infinity, and lets the last of several equal keys win at the place of the first. Throws a JsonSyntaxError.
 */
export function parseJson(text: string): JsonValue {
  const reader = new JsonReader(text)
  const value = reader.readValue()
  reader.expectEnd()
  return value
}

// Deeper nesting would overflow the stack of the recursive reader and of everything that walks the value.
const maxDepth = 500
const numberPattern = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y
const words: ReadonlyMap<string, JsonValue> = new Map<string, JsonValue>([
  ['null', null],
  ['true', true],
  ['false', false],
  ['NaN', new JsonFloat(Number.NaN)],
  ['Infinity', new JsonFloat(Number.POSITIVE_INFINITY)],
  ['-Infinity', new JsonFloat(Number.NEGATIVE_INFINITY)],
])
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

class JsonReader {
  readonly #text: string
  #index = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
  }

  readValue(): JsonValue {
    this.#skipBlanks()
    switch (this.#text[this.#index]) {
      case '{':
        return this.#readNested(() => this.#readObject())
      case '[':
        return this.#readNested(() => this.#readArray())
      case '"':
        return this.#readText()
      default:
        return this.#readWordOrNumber()
    }
  }

  expectEnd(): void {
    this.#skipBlanks()
    if (this.#index < this.#text.length) throw this.#problem('Extra data')
  }

  #readNested(read: () => JsonValue): JsonValue {
    this.#depth += 1
    if (this.#depth > maxDepth) throw this.#problem(`Nested deeper than ${maxDepth} levels`)
    const value = read()
    this.#depth -= 1
    return value
  }

  #readObject(): JsonValue {
    const entries = new Map<string, JsonValue>()
    this.#index += 1
    this.#skipBlanks()
    if (this.#take('}')) return entries
    do {
      this.#skipBlanks()
      if (this.#text[this.#index] !== '"') throw this.#problem('Expecting property name enclosed in double quotes')
      const key = this.#readText()
      this.#skipBlanks()
      if (!this.#take(':')) throw this.#problem("Expecting ':' delimiter")
      entries.set(key, this.readValue())
      this.#skipBlanks()
    } while (this.#take(','))
    if (!this.#take('}')) throw this.#problem("Expecting ',' delimiter")
    return entries
  }

  #readArray(): JsonValue {
    const items: JsonValue[] = []
    this.#index += 1
    this.#skipBlanks()
    if (this.#take(']')) return items
    do {
      items.push(this.readValue())
      this.#skipBlanks()
    } while (this.#take(','))
    if (!this.#take(']')) throw this.#problem("Expecting ',' delimiter")
    return items
  }

  #readText(): string {
    const start = this.#index
    this.#index += 1
    let text = this.#takePlainText()
    for (;;) {
      if (this.#take('"')) return text
      if (this.#index >= this.#text.length) throw this.#problem('Unterminated string starting at', start)
      if (!this.#take('\\')) throw this.#problem('Invalid control character at')
      text += this.#readEscape() + this.#takePlainText()
    }
  }

  /** Up to the next quote, escape, control character or the end. */
  #takePlainText(): string {
    const text = this.#text
    const start = this.#index
    let end = start
    for (let code = text.charCodeAt(end); code >= 0x20 && code !== 0x22 && code !== 0x5c; ) {
      end += 1
      code = text.charCodeAt(end)
    }
    this.#index = end
    return text.slice(start, end)
  }

  #readEscape(): string {
    const letter = this.#text[this.#index] ?? ''
    if (letter === 'u') {
      const digits = this.#text.slice(this.#index + 1, this.#index + 5)
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw this.#problem('Invalid \\uXXXX escape')
      this.#index += 5
      return String.fromCharCode(Number.parseInt(digits, 16))
    }
    const meant = escapes[letter]
    if (meant === undefined) throw this.#problem('Invalid \\escape', this.#index - 1)
    this.#index += 1
    return meant
  }

  #readWordOrNumber(): JsonValue {
    return this.#readShortInteger() ?? this.#readWord()
  }

  /** Most numbers are short integers; this spares them the general way. Null: something else. */
  #readShortInteger(): number | null {
    let index = this.#index
    let value = 0
    let code = this.#text.charCodeAt(index)
    const leadingZero = code === 0x30
    for (; code >= 0x30 && code <= 0x39; code = this.#text.charCodeAt(index)) {
      value = value * 10 + code - 0x30
      index += 1
    }
    const length = index - this.#index
    const plain = length > 0 && length < 16 && !(leadingZero && length > 1)
    // A fraction or an exponent follows: a float.
    if (!plain || code === 0x2e || code === 0x45 || code === 0x65) return null
    this.#index = index
    return value
  }

  #readWord(): JsonValue {
    for (const [word, value] of words) {
      if (!this.#text.startsWith(word, this.#index)) continue
      this.#index += word.length
      return value
    }
    numberPattern.lastIndex = this.#index
    const match = numberPattern.exec(this.#text)
    if (match === null) throw this.#problem('Expecting value')
    this.#index = numberPattern.lastIndex
    return toNumber(match[0], match[1] !== undefined || match[2] !== undefined)
  }

  #skipBlanks(): void {
    const text = this.#text
    let index = this.#index
    for (let code = text.charCodeAt(index); code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09; ) {
      index += 1
      code = text.charCodeAt(index)
    }
    this.#index = index
  }

  #take(letter: string): boolean {
    if (this.#text[this.#index] !== letter) return false
    this.#index += 1
    return true
  }

  #problem(what: string, index = this.#index): JsonSyntaxError {
    return new JsonSyntaxError(what, this.#text, index)
  }
}

function toNumber(text: string, float: boolean): JsonNumber {
  if (float) return new JsonFloat(Number(text))
  const value = Number(text)
  // `+ 0` turns the integer -0 into 0: only the float -0.0 keeps its sign.
  return Number.isSafeInteger(value) ? value + 0 : integer(BigInt(text))
}
