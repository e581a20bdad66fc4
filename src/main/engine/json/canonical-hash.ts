import { hash } from 'node:crypto'
import { printCanonical } from './print.ts'
import type { JsonValue } from './value.ts'

/** SHA-256 of the canonical print of a value, as 64 lower-case hex digits. */
export function canonicalHash(value: JsonValue): string {
  return hash('sha256', printCanonical(value), 'hex')
}

/** SHA-256 of a text in UTF-8 or of bytes, as 64 lower-case hex digits. */
export function sha256Hex(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex')
}
