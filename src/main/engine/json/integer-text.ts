import { integer, type JsonInteger } from './value.ts'

// What the reference takes for blank: unlike `trim` also U+0085, and not the byte order mark.
const blanks = '[\\t-\\r\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]*'
const digits = '\\d+(?:_\\d+)*'
const decimal = within(`[+-]?${digits}`)
const float = within(
  `[+-]?(?:(?:${digits}\\.?(?:${digits})?|\\.${digits})(?:[eE][+-]?${digits})?|inf(?:inity)?|nan)`,
  'i',
)
const hexadecimal = within('[+-]?(?:0[xX]_?)?[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*')

function within(form: string, flags = ''): RegExp {
  return new RegExp(`^${blanks}(${form})${blanks}$`, flags)
}

/** Reads a decimal integer with the reference's tolerance: blanks around, a sign, single underscores. Null: not one. */
export function readInteger(text: string): JsonInteger | null {
  const found = decimal.exec(text)?.[1]
  return found === undefined ? null : integer(signed(found, (digits) => BigInt(digits)))
}

/** The same for hexadecimal digits, with or without `0x`. */
export function readHexInteger(text: string): JsonInteger | null {
  const found = hexadecimal.exec(text)?.[1]
  if (found === undefined) return null
  return integer(signed(found, (digits) => BigInt(`0x${digits.replace(/^0[xX]/, '')}`)))
}

/** Reads a float with the same tolerance, also infinities and `nan` by name. Null: not one. */
export function readFloat(text: string): number | null {
  const found = float.exec(text)?.[1]?.replaceAll('_', '').toLowerCase()
  if (found === undefined) return null
  if (found.endsWith('nan')) return Number.NaN
  if (found.includes('inf')) return found.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  return Number(found)
}

function signed(text: string, read: (digits: string) => bigint): bigint {
  const digits = text.replace(/^[+-]/, '').replaceAll('_', '')
  return text.startsWith('-') ? -read(digits) : read(digits)
}
