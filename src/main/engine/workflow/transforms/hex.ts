import { typeName } from '../../json/describe.ts'
import type { JsonValue } from '../../json/value.ts'
import { TransformError } from './transform.ts'

const blanks = /[ \t\n\r\f\v]/

/** Bytes from hexadecimal digits; blanks may stand between bytes. Null: not such a text. */
export function readHex(digits: string): Uint8Array | null {
  const bytes: number[] = []
  for (let index = 0; index < digits.length; ) {
    if (blanks.test(digits.charAt(index))) {
      index += 1
      continue
    }
    const pair = digits.slice(index, index + 2)
    if (!/^[0-9a-fA-F]{2}$/.test(pair)) return null
    bytes.push(Number.parseInt(pair, 16))
    index += 2
  }
  return Uint8Array.from(bytes)
}

/** The bytes of a text of hexadecimal digits, with or without `0x`. */
export function bytesOf(value: JsonValue | undefined, name: string): Uint8Array {
  if (typeof value !== 'string') {
    throw new TransformError(`${name} must be hex string or bytes, got ${typeName(value ?? null)}`)
  }
  const bytes = readHex(value.replace(/^0[xX]/, ''))
  if (bytes === null) throw new TransformError(`${name}: invalid hex string`)
  return bytes
}

/** As `bytesOf`, with a length that has to be met. */
export function exactBytesOf(value: JsonValue | undefined, name: string, length: number): Uint8Array {
  const bytes = bytesOf(value, name)
  if (bytes.length === length) return bytes
  throw new TransformError(`${name} must be ${length} bytes, got ${bytes.length}`)
}

export function plainHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

export function prefixedHex(bytes: Uint8Array): string {
  return `0x${plainHex(bytes)}`
}
