import { secp256k1 } from '@noble/curves/secp256k1.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'

/**
 * Signs a hash that is not below the order of the group. RFC 6979 reduces the hash before it seeds the nonce; libsecp256k1,
 * and with it the reference, takes the 32 bytes as they stand. For every smaller hash both give the same nonce. The
 * result is the recovery id, r and s.
 */
export function signUnreduced(hash: Uint8Array, privateKey: Uint8Array): Uint8Array {
  const { Point } = secp256k1
  const { Fn } = Point
  const message = Fn.create(bigEndianNumber(hash))
  const secret = Fn.fromBytes(privateKey)
  for (const candidate of nonces(hash, privateKey)) {
    const nonce = bigEndianNumber(candidate)
    if (nonce === 0n || nonce >= Fn.ORDER) continue
    const point = Point.BASE.multiply(nonce).toAffine()
    const r = Fn.create(point.x)
    const s = Fn.mul(Fn.inv(nonce), Fn.add(message, Fn.mul(r, secret)))
    if (r === 0n || s === 0n) continue
    const high = s > Fn.ORDER >> 1n
    const recovery = (Number(point.y & 1n) ^ (high ? 1 : 0)) | (point.x === r ? 0 : 2)
    return Uint8Array.of(recovery, ...Fn.toBytes(r), ...Fn.toBytes(high ? Fn.neg(s) : s))
  }
  throw new Error('unreachable: the sequence of nonces has no end')
}

/** True for the hashes that this file is for. */
export function needsReduction(hash: Uint8Array): boolean {
  return bigEndianNumber(hash) >= secp256k1.Point.Fn.ORDER
}

/** HMAC-DRBG of RFC 6979, section 3.2, seeded with the key and the unreduced hash. */
function* nonces(hash: Uint8Array, privateKey: Uint8Array): Generator<Uint8Array, never> {
  let key: Uint8Array = new Uint8Array(32)
  let value: Uint8Array = new Uint8Array(32).fill(1)
  for (const separator of [0, 1]) {
    key = hmac(sha256, key, Uint8Array.of(...value, separator, ...privateKey, ...hash))
    value = hmac(sha256, key, value)
  }
  for (;;) {
    value = hmac(sha256, key, value)
    yield value
    key = hmac(sha256, key, Uint8Array.of(...value, 0))
    value = hmac(sha256, key, value)
  }
}

function bigEndianNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
}
