import { integer, type JsonInteger } from './value.ts'

// What the reference takes for blank: unlike `trim` also U+0085, and not the byte order mark.
const blanks = '[\\t-\\r\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]*'
const decimal = within('[+-]?\\d+(?:_\\d+)*')
const hexadecimal = within('[+-]?(?:0[xX]_?)?[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*')

function within(form: string): RegExp {
  return new RegExp(`^${blanks}(${form})${blanks}$`)
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

function signed(text: string, read: (digits: string) => bigint): bigint {
  const digits = text.replace(/^[+-]/, '').replaceAll('_', '')
  return text.startsWith('-') ? -read(digits) : read(digits)
}
