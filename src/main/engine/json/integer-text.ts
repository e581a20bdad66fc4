import { integer, type JsonInteger } from './value.ts'

const decimal = /^[+-]?\d+(?:_\d+)*$/
const hexadecimal = /^[+-]?(?:0[xX]_?)?[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*$/

/** Reads a decimal integer with the reference's tolerance: blanks around, a sign, single underscores. Null: not one. */
export function readInteger(text: string): JsonInteger | null {
  const trimmed = text.trim()
  if (!decimal.test(trimmed)) return null
  return integer(signed(trimmed, (digits) => BigInt(digits)))
}

/** The same for hexadecimal digits, with or without `0x`. */
export function readHexInteger(text: string): JsonInteger | null {
  const trimmed = text.trim()
  if (!hexadecimal.test(trimmed)) return null
  return integer(signed(trimmed, (digits) => BigInt(`0x${digits.replace(/^0[xX]/, '')}`)))
}

function signed(text: string, read: (digits: string) => bigint): bigint {
  const digits = text.replace(/^[+-]/, '').replaceAll('_', '')
  return text.startsWith('-') ? -read(digits) : read(digits)
}
