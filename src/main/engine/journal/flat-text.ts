import { payloadTags as tags } from '../workers/payload.ts'

/** Longer encodings go the long way, so that no text comes near its limit. Bytes. */
export const longestFlat = 512
/** Bytes that such a text needs at the most: a float64 takes nine bytes and becomes up to 24 characters and a space. */
export const flatRoom = 2048

/**
 * Writes what a search looks at, arguments that are all numbers and ASCII strings, one behind the other in lower case, straight from their
 * bytes in the compact encoding of the mailboxes. Returns how many bytes that took, or -1 when they are anything else. Most tokens
 * have such arguments, and making values of them and a text of these costs some twenty times as much.
 */
export function writeFlatText(source: Uint8Array, from: number, length: number, target: Uint8Array): number {
  if (length > longestFlat || source[from] !== tags.array) return -1
  const end = from + length
  const count = uint32(source, from + 1)
  let at = from + 5
  let to = 0
  for (let index = 0; index < count; index++) {
    if (at >= end) return -1
    if (index > 0) target[to++] = 32
    const tag = source[at++]
    if (tag === tags.int32) {
      to = writeInteger(target, to, uint32(source, at) | 0)
      at += 4
    } else if (tag === tags.string) {
      const after = at + 4 + uint32(source, at)
      if (after > end) return -1
      for (at += 4; at < after; at++) {
        const byte = source[at] ?? 0
        if (byte > 127) return -1
        target[to++] = byte >= 65 && byte <= 90 ? byte + 32 : byte
      }
    } else if (tag === tags.float64) {
      to = writeAscii(target, to, String(float64(source, at)).toLowerCase())
      at += 8
    } else return -1
  }
  return at === end ? to : -1
}

function uint32(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)) >>> 0
  )
}

const scratch = new DataView(new ArrayBuffer(8))

function float64(bytes: Uint8Array, at: number): number {
  for (let index = 0; index < 8; index++) scratch.setUint8(index, bytes[at + index] ?? 0)
  return scratch.getFloat64(0)
}

function writeInteger(target: Uint8Array, to: number, value: number): number {
  if (value < 0) target[to++] = 45
  let rest = Math.abs(value)
  let digits = 1
  for (let limit = 10; limit <= rest; limit *= 10) digits += 1
  for (let place = to + digits - 1; place >= to; place--) {
    const quotient = Math.trunc(rest / 10)
    target[place] = 48 + rest - quotient * 10
    rest = quotient
  }
  return to + digits
}

function writeAscii(target: Uint8Array, to: number, text: string): number {
  for (let index = 0; index < text.length; index++) target[to++] = text.charCodeAt(index)
  return to
}
