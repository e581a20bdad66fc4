import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

const secretBytes = 32

/** A new secret of 256 random bits, as 43 characters that are safe in a URL fragment and in a WebSocket subprotocol. */
export function createSecret(): string {
  return randomBytes(secretBytes).toString('base64url')
}

/** Compares in a time that tells nothing about either text, not even its length: digests always have the same size. */
export function isSameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
