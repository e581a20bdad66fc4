import { floatText } from './float-text.ts'
import { isArray, JsonFloat, type JsonValue } from './value.ts'

/** J1: insertion order, no blanks, ASCII only. Trace lines, answers. */
export function printCompact(value: JsonValue): string {
  return printInline(value, compact)
}

/** J2: insertion order, a blank after `,` and `:`, ASCII only. Lines of registries and logs. */
export function printSpaced(value: JsonValue): string {
  return printInline(value, spaced)
}

/** J4: as J1, with keys sorted by code point. What is hashed. */
export function printCanonical(value: JsonValue): string {
  return printInline(value, canonical)
}

/** As J4 with raw Unicode: only what JSON itself demands is escaped. The caller sees to unpaired surrogates. */
export function printCanonicalUnicode(value: JsonValue): string {
  return printInline(value, canonicalUnicode)
}

/** J3: insertion order, two blanks of indentation, raw Unicode, no newline at the end. Files of mutable stores. */
export function printIndented(value: JsonValue, indent = ''): string {
  const inner = `${indent}  `
  if (isArray(value)) {
    if (value.length === 0) return '[]'
    return `[\n${value.map((item) => inner + printIndented(item, inner)).join(',\n')}\n${indent}]`
  }
  if (value instanceof Map) {
    if (value.size === 0) return '{}'
    const lines = [...value].map(([key, item]) => `${inner}${JSON.stringify(key)}: ${printIndented(item, inner)}`)
    return `{\n${lines.join(',\n')}\n${indent}}`
  }
  return typeof value === 'string' ? JSON.stringify(value) : printScalar(value)
}

/** A text as an ASCII-only JSON literal; also DEL and lone surrogates are escaped. */
export function printText(text: string): string {
  if (text.length <= shortText && isPlain(text)) return `"${text}"`
  const literal = JSON.stringify(text)
  return needsEscape.test(literal) ? literal.replace(everyNonAscii, escapeUnit) : literal
}

/** Up to here a look at every unit is quicker than the built-in printer. */
const shortText = 64

/** True for a text that is its own literal. */
function isPlain(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    if (unit < 0x20 || unit === 0x22 || unit === 0x5c || unit >= 0x7f) return false
  }
  return true
}

interface InlineForm {
  readonly comma: string
  readonly colon: string
  readonly sorted: boolean
  readonly text: (text: string) => string
}

const compact: InlineForm = { comma: ',', colon: ':', sorted: false, text: printText }
const spaced: InlineForm = { comma: ', ', colon: ': ', sorted: false, text: printText }
const canonical: InlineForm = { comma: ',', colon: ':', sorted: true, text: printText }
const canonicalUnicode: InlineForm = { comma: ',', colon: ':', sorted: true, text: JSON.stringify }

const needsEscape = /[\u007f-\uffff]/
const everyNonAscii = /[\u007f-\uffff]/g

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function printInline(value: JsonValue, form: InlineForm): string {
  if (typeof value === 'string') return form.text(value)
  if (isArray(value)) return printItems(value, form)
  if (value instanceof Map) return printEntries(form.sorted && value.size > 1 ? sortedEntries(value) : value, form)
  return printScalar(value)
}

function printItems(items: readonly JsonValue[], form: InlineForm): string {
  let text = '['
  let separator = ''
  for (const item of items) {
    text += separator + printInline(item, form)
    separator = form.comma
  }
  return `${text}]`
}

function printEntries(entries: Iterable<[string, JsonValue]>, form: InlineForm): string {
  let text = '{'
  let separator = ''
  for (const [key, item] of entries) {
    text += separator + form.text(key) + form.colon + printInline(item, form)
    separator = form.comma
  }
  return `${text}}`
}

function printScalar(value: JsonValue): string {
  return value instanceof JsonFloat ? floatText(value.value) : String(value)
}

/** The very same entries where they are in order already, as those of compiled tables are. */
function sortedEntries(entries: ReadonlyMap<string, JsonValue>): Iterable<[string, JsonValue]> {
  let before: string | null = null
  for (const key of entries.keys()) {
    if (before !== null && compareCodePoints(before, key) > 0) return sortEntries(entries)
    before = key
  }
  return entries
}

function sortEntries(entries: ReadonlyMap<string, JsonValue>): [string, JsonValue][] {
  return [...entries].sort(([left], [right]) => compareCodePoints(left, right))
}

/** Order by code point; JavaScript's own order is by UTF-16 unit and puts U+1F600 before U+FF5E. */
export function compareCodePoints(left: string, right: string): number {
  const shared = Math.min(left.length, right.length)
  for (let index = 0; index < shared; index += 1) {
    if (left.charCodeAt(index) === right.charCodeAt(index)) continue
    return codePointAround(left, index) - codePointAround(right, index)
  }
  return left.length - right.length
}

/** The code point of which the unit is a part: a surrogate without its other half is one by itself. */
function codePointAround(text: string, index: number): number {
  const whole = index > 0 && isLowSurrogate(text.charCodeAt(index)) ? (text.codePointAt(index - 1) ?? 0) : 0
  return whole > 0xffff ? whole : (text.codePointAt(index) ?? 0)
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}
