import { floatText } from './float-text.ts'
import { isArray, isInteger, JsonFloat, type JsonValue } from './value.ts'

/** The name by which the reference's messages call the type of a value. */
export function typeName(value: JsonValue): string {
  if (value === null) return 'NoneType'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'string') return 'str'
  if (isInteger(value)) return 'int'
  if (value instanceof JsonFloat) return 'float'
  return isArray(value) ? 'list' : 'dict'
}

/** A value as it stands in the reference's messages: texts quoted, `None`, `True`, `{'a': 1}`. */
export function describeValue(value: JsonValue): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'string') return quoted(value)
  if (isInteger(value)) return String(value)
  if (value instanceof JsonFloat) return describeFloat(value.value)
  if (isArray(value)) return `[${value.map(describeValue).join(', ')}]`
  return `{${[...value].map(([key, item]) => `${quoted(key)}: ${describeValue(item)}`).join(', ')}}`
}

/** A value inside running text: as `describeValue`, a text without quotes. */
export function describeBare(value: JsonValue): string {
  return typeof value === 'string' ? value : describeValue(value)
}

/** False for null, false, zero, and whatever is empty. */
export function isTruthy(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null || value === false || value === '') return false
  if (isInteger(value)) return value !== 0
  if (value instanceof JsonFloat) return value.value !== 0
  if (isArray(value)) return value.length > 0
  return value instanceof Map ? value.size > 0 : true
}

function describeFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  return Number.isFinite(value) ? floatText(value) : value > 0 ? 'inf' : '-inf'
}

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const body = text.replace(unprintable, (letter) => (letter === quote ? `\\${letter}` : (escaped(letter) ?? letter)))
  return quote + body + quote
}

/** What the reference takes for unprintable: all but letters, marks, numbers, signs and the blank itself. */
const unprintable = /['"\\\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu

function escaped(letter: string): string | null {
  switch (letter) {
    case "'":
    case '"':
      return null
    case '\\':
      return '\\\\'
    case '\n':
      return '\\n'
    case '\r':
      return '\\r'
    case '\t':
      return '\\t'
    default: {
      const code = letter.codePointAt(0) ?? 0
      const digits = code.toString(16)
      if (code > 0xffff) return `\\U${digits.padStart(8, '0')}`
      return code > 0xff ? `\\u${digits.padStart(4, '0')}` : `\\x${digits.padStart(2, '0')}`
    }
  }
}
