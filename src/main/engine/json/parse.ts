import { isUtf8 } from 'node:buffer'
import { GuardhouseError } from '../../../shared/errors.ts'
import { integer, JsonFloat, type JsonNumber, type JsonValue } from './value.ts'

/** A text that is not JSON. `message` ends with line, column and character. */
export class JsonSyntaxError extends GuardhouseError {
  constructor(problem: string, text: string, index: number) {
    const before = text.slice(0, index)
    const line = before.split('\n').length
    const column = codePoints(before.slice(before.lastIndexOf('\n') + 1)) + 1
    super('bad-request', `${problem}: line ${line} column ${column} (char ${codePoints(before)})`)
    this.name = 'JsonSyntaxError'
  }
}

/** The reference counts characters: one beyond U+FFFF is one, not two. */
function codePoints(text: string): number {
  return text.length - (text.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0)
}

/**
 * The text of bytes in UTF-8. Throws a GuardhouseError that names the first byte that is none: nothing is replaced
 * without a word.
 */
export function textOfBytes(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  if (!isUtf8(bytes)) throw notUtf8(bytes, text)
  return text
}

function notUtf8(bytes: Buffer, text: string): GuardhouseError {
  let offset = 0
  for (const letter of text) {
    // The mark for what cannot be read may also stand there by right, in its three bytes.
    if (letter === '\ufffd' && bytes.toString('hex', offset, offset + 3) !== 'efbfbd') break
    offset += Buffer.byteLength(letter)
  }
  const byte = (bytes[offset] ?? 0).toString(16).padStart(2, '0')
  return new GuardhouseError('bad-request', `Not UTF-8: byte 0x${byte} at position ${offset}`)
}

/**
 * Parses JSON without losing integers, floats or key order. As the reference does, it takes NaN, Infinity and
 * -Infinity, and lets the last of several equal keys win at the place of the first. Throws a JsonSyntaxError.
 */
export function parseJson(text: string): JsonValue {
  return readWhole(new JsonReader(text, noMore))
}

/**
 * As `parseJson` on a text in UTF-8, which is decoded piece by piece: for V8, one text of more than 128 KiB costs more than
 * all that is done with it. In JSON a newline stands between tokens only, so a piece may end behind any of them.
 */
export function parseJsonBytes(bytes: Buffer): JsonValue {
  let start = 0
  if (!isUtf8(bytes)) throw notUtf8(bytes, bytes.toString('utf8'))
  const nextPiece = (): string | null => {
    if (start >= bytes.length) return null
    const from = start
    start = endOfPiece(bytes, from)
    return bytes.toString('utf8', from, start)
  }
  try {
    return readWhole(new JsonReader('', nextPiece))
  } catch (error) {
    // Only the whole text tells line and column.
    if (error instanceof JsonSyntaxError) return parseJson(bytes.toString('utf8'))
    throw error
  }
}

const pieceBytes = 64 << 10
const newline = 0x0a
const markProblem = 'Unexpected UTF-8 BOM (decode using utf-8-sig)'
const noMore = (): null => null

function endOfPiece(bytes: Buffer, start: number): number {
  const full = start + pieceBytes
  if (full >= bytes.length) return bytes.length
  const before = bytes.lastIndexOf(newline, full)
  const end = before > start ? before : bytes.indexOf(newline, full)
  return end < 0 ? bytes.length : end + 1
}

function readWhole(reader: JsonReader): JsonValue {
  const value = reader.readValue()
  reader.expectEnd()
  return value
}

// Deeper nesting would overflow the stack of the recursive reader and of everything that walks the value.
const maxDepth = 500
const keyMask = 63
const code = {
  quote: 0x22,
  comma: 0x2c,
  colon: 0x3a,
  openBracket: 0x5b,
  closeBracket: 0x5d,
  openBrace: 0x7b,
  closeBrace: 0x7d,
} as const
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
  #text: string
  readonly #nextPiece: () => string | null
  readonly #keys: (string | undefined)[] = new Array(keyMask + 1)
  #index = 0
  #depth = 0

  /** `nextPiece` gives what comes behind `text`, up to the end of a token; null at the end. */
  constructor(text: string, nextPiece: () => string | null) {
    this.#text = text
    this.#nextPiece = nextPiece
  }

  readValue(): JsonValue {
    switch (this.#skipBlanks()) {
      case code.openBrace:
        return this.#readObject()
      case code.openBracket:
        return this.#readArray()
      case code.quote:
        return this.#readText()
      default:
        return this.#readWordOrNumber()
    }
  }

  expectEnd(): void {
    this.#skipBlanks()
    if (this.#index < this.#text.length) throw this.#problem('Extra data')
  }

  #readObject(): JsonValue {
    const entries = new Map<string, JsonValue>()
    this.#enter()
    let next = this.#skipBlanks()
    if (next !== code.closeBrace) {
      for (;;) {
        if (next !== code.quote) throw this.#problem('Expecting property name enclosed in double quotes')
        const key = this.#readKey()
        if (this.#skipBlanks() !== code.colon) throw this.#problem("Expecting ':' delimiter")
        this.#index += 1
        entries.set(key, this.readValue())
        if (this.#skipBlanks() !== code.comma) break
        this.#index += 1
        next = this.#skipBlanks()
      }
    }
    this.#leave(code.closeBrace)
    return entries
  }

  #readArray(): JsonValue {
    const items: JsonValue[] = []
    this.#enter()
    if (this.#skipBlanks() !== code.closeBracket) {
      for (;;) {
        items.push(this.readValue())
        if (this.#skipBlanks() !== code.comma) break
        this.#index += 1
      }
    }
    this.#leave(code.closeBracket)
    return items
  }

  /** Steps over an opening bracket. */
  #enter(): void {
    this.#depth += 1
    if (this.#depth > maxDepth) throw this.#problem(`Nested deeper than ${maxDepth} levels`)
    this.#index += 1
  }

  /** Steps over the closing bracket that has to stand here. */
  #leave(bracket: number): void {
    if (this.#text.charCodeAt(this.#index) !== bracket) throw this.#problem("Expecting ',' delimiter")
    this.#index += 1
    this.#depth -= 1
  }

  /**
   * The name of a field. A name that was read before is taken again: the same few names come back again and again, and a
   * text that is known already need be neither cut out nor hashed.
   */
  #readKey(): string {
    const text = this.#text
    const start = this.#index + 1
    const end = text.indexOf('"', start)
    const slot = (text.charCodeAt(start) * 31 + text.charCodeAt(end - 1) * 7 + end - start) & keyMask
    const known = this.#keys[slot]
    if (known !== undefined && known.length === end - start && text.startsWith(known, start)) {
      this.#index = end + 1
      return known
    }
    const key = this.#readText()
    if (key.length === end - start && text.startsWith(key, start)) this.#keys[slot] = key
    return key
  }

  #readText(): string {
    const start = this.#index
    this.#index += 1
    let text = this.#takePlainText()
    for (;;) {
      if (this.#take('"')) return text
      if (this.#index >= this.#text.length) throw this.#problem('Unterminated string starting at', start)
      if (!this.#take('\\')) throw this.#problem('Invalid control character at')
      text += this.#readEscape(start) + this.#takePlainText()
    }
  }

  /** Up to the next quote, escape, control character or the end. */
  #takePlainText(): string {
    const text = this.#text
    const start = this.#index
    let end = start
    for (let unit = text.charCodeAt(end); unit >= 0x20 && unit !== 0x22 && unit !== 0x5c; ) {
      end += 1
      unit = text.charCodeAt(end)
    }
    this.#index = end
    return text.slice(start, end)
  }

  /** `start`: where the text begins. */
  #readEscape(start: number): string {
    const letter = this.#text[this.#index]
    if (letter === undefined) throw this.#problem('Unterminated string starting at', start)
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
    let unit = this.#text.charCodeAt(index)
    const leadingZero = unit === 0x30
    for (; unit >= 0x30 && unit <= 0x39; unit = this.#text.charCodeAt(index)) {
      value = value * 10 + unit - 0x30
      index += 1
    }
    const length = index - this.#index
    const plain = length > 0 && length < 16 && !(leadingZero && length > 1)
    // A fraction or an exponent follows: a float.
    if (!plain || unit === 0x2e || unit === 0x45 || unit === 0x65) return null
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
    if (match === null) throw this.#problem(this.#startsWithMark() ? markProblem : 'Expecting value')
    this.#index = numberPattern.lastIndex
    return toNumber(match[0], match[1] !== undefined || match[2] !== undefined)
  }

  #startsWithMark(): boolean {
    return this.#index === 0 && this.#text.startsWith('\ufeff')
  }

  /** Steps over blanks, also to the next piece; returns the unit behind them, NaN at the end. */
  #skipBlanks(): number {
    const text = this.#text
    let index = this.#index
    let unit = text.charCodeAt(index)
    while (unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09) {
      index += 1
      unit = text.charCodeAt(index)
    }
    this.#index = index
    return index < text.length ? unit : this.#skipToNextPiece()
  }

  #skipToNextPiece(): number {
    const next = this.#nextPiece()
    if (next === null) return Number.NaN
    this.#text = next
    this.#index = 0
    return this.#skipBlanks()
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
