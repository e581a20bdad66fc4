import { createHash } from 'node:crypto'
import { blake2s } from '@noble/hashes/blake2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { DigestPolicy } from '../../../../shared/model/tags.ts'

/**
 * Seed of a conductor domain, as TokenGuard makes it (specification of TokenGuard, section 7.3): the digest of
 * `{token id}:{calls}`, the calls written as Python writes a tuple of texts, so that the same token id gives the same seed.
 */
export function seedDigest(tokenId: string, externalCalls: readonly string[], policy: DigestPolicy): string {
  const text = `${tokenId}:${pythonTuple(externalCalls)}`
  switch (policy) {
    case 'FULL':
      return sha256(text)
    case 'SHORT':
      return sha256(text).slice(0, 16)
    case 'FAST':
      // An eight-byte BLAKE2s is no prefix of the full one: the length is part of what is hashed.
      return bytesToHex(blake2s(utf8ToBytes(text), { dkLen: 8 }))
    case 'MINIMAL':
      return sha256(text).slice(0, 8)
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function pythonTuple(items: readonly string[]): string {
  const [only] = items
  return items.length === 1 && only !== undefined ? `(${pythonText(only)},)` : `(${items.map(pythonText).join(', ')})`
}

/** As Python's repr: single quotes unless only double ones avoid an escape. */
function pythonText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote
}
