import { secp256k1 } from '@noble/curves/secp256k1.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { HDKey } from '@scure/bip32'
import { entropyToMnemonic, mnemonicToSeedSync, validateMnemonic } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { assertDefined } from '../../../../shared/assert.ts'
import { isInteger, type JsonObject, object } from '../../json/value.ts'
import { bytesOf, exactBytesOf, prefixedHex } from './hex.ts'
import { optionalText, required } from './inputs.ts'
import { defineTransform, TransformError } from './transform.ts'
import { needsReduction, signUnreduced } from './unreduced-nonce.ts'

/** Bits of entropy that BIP-39 knows. */
export function entropyBytesFor(inputs: JsonObject): number {
  const bits = required(inputs, 'entropy_bits')
  if (typeof bits === 'number' && bits >= 128 && bits <= 256 && bits % 32 === 0) return bits / 8
  throw new TransformError('entropy_bits must be one of 128, 160, 192, 224, 256')
}

export const generateEntropy = defineTransform('CT_PURE_GENERATE_ENTROPY_V0', (inputs, { entropy }) =>
  object({ entropy_bytes: prefixedHex(entropy.bytes(entropyBytesFor(inputs))) }),
)

export const toMnemonic = defineTransform('CT_PURE_ENTROPY_TO_MNEMONIC_V0', (inputs) =>
  object({ mnemonic: mnemonicOf(bytesOf(required(inputs, 'entropy_bytes'), 'entropy_bytes')) }),
)

export const toSeed = defineTransform('CT_PURE_MNEMONIC_TO_SEED_V0', (inputs) => {
  const mnemonic = required(inputs, 'mnemonic')
  if (typeof mnemonic !== 'string') throw new TransformError('mnemonic must be a string')
  if (!validateMnemonic(mnemonic, wordlist)) throw new TransformError('Invalid BIP-39 mnemonic provided.')
  return object({ seed_bytes: prefixedHex(mnemonicToSeedSync(mnemonic, optionalText(inputs, 'passphrase', ''))) })
})

export const deriveMasterKey = defineTransform('CT_PURE_DERIVE_MASTER_KEY_V0', (inputs) => {
  const master = masterKeyOf(bytesOf(required(inputs, 'seed_bytes'), 'seed_bytes'))
  return object({
    master_private_key_bytes: prefixedHex(privateKeyOf(master)),
    master_chain_code_bytes: prefixedHex(chainCodeOf(master)),
  })
})

export const deriveChildKey = defineTransform('CT_PURE_DERIVE_CHILD_KEY_V0', (inputs) => {
  const privateKey = exactBytesOf(inputs.get('parent_private_key_bytes'), 'parent_private_key_bytes', 32)
  const chainCode = exactBytesOf(inputs.get('parent_chain_code_bytes'), 'parent_chain_code_bytes', 32)
  const index = required(inputs, 'index')
  if (!isInteger(index)) throw new TransformError('index must be an integer')
  if (index < 0 || index > maxIndex) throw new TransformError('index must be a 32-bit unsigned integer')
  const child = new HDKey({ privateKey, chainCode }).deriveChild(Number(index))
  return object({
    child_private_key_bytes: prefixedHex(privateKeyOf(child)),
    child_chain_code_bytes: prefixedHex(chainCodeOf(child)),
  })
})

export const privateKeyToPublic = defineTransform('CT_PURE_PRIVATE_KEY_TO_PUBLIC_V0', (inputs) => {
  const privateKey = exactBytesOf(inputs.get('private_key_bytes'), 'private_key_bytes', 32)
  requireKnownCurve(inputs)
  return object({ public_key_uncompressed_bytes: prefixedHex(secp256k1.getPublicKey(privateKey, false)) })
})

export const publicKeyToEthereumAddress = defineTransform('CT_PURE_PUBKEY_TO_ETH_ADDRESS_V0', (inputs) => {
  const key = exactBytesOf(inputs.get('public_key_uncompressed_bytes'), 'public_key_uncompressed_bytes', 65)
  if (key[0] !== 4) {
    throw new TransformError(`Invalid public key prefix: 0x${(key[0] ?? 0).toString(16)}. Expected 0x04.`)
  }
  return object({ eth_address_hex: ethereumAddressOf(key) })
})

/** Signs a hash with a nonce from RFC 6979; s is the low one of the two. */
export const ecdsaSign = defineTransform('CT_PURE_ECDSA_SIGN_V0', (inputs) => {
  const privateKey = exactBytesOf(inputs.get('private_key_bytes'), 'private_key_bytes', 32)
  const message = exactBytesOf(inputs.get('message_hash'), 'message_hash', 32)
  requireKnownCurve(inputs)
  // The recovery id comes first, then r and s.
  const signature = needsReduction(message)
    ? signUnreduced(message, privateKey)
    : secp256k1.sign(message, privateKey, { prehash: false, lowS: true, format: 'recovered' })
  const [recovery = 0] = signature
  const rAndS = signature.subarray(1)
  return object({
    v: recovery,
    r: prefixedHex(rAndS.subarray(0, 32)),
    s: prefixedHex(rAndS.subarray(32)),
    signed_bytes: prefixedHex(Uint8Array.of(...rAndS, recovery)),
  })
})

export const keccak256Hash = defineTransform('CT_PURE_KECCAK256_HASH_V0', (inputs) =>
  object({ hash_hex: prefixedHex(keccak_256(bytesOf(required(inputs, 'input_bytes'), 'input_bytes'))) }),
)

export function mnemonicOf(entropy: Uint8Array): string {
  if (entropy.length < 16 || entropy.length > 32 || entropy.length % 4 !== 0) {
    throw new TransformError(`invalid entropy length: ${entropy.length * 8} bits`)
  }
  return entropyToMnemonic(entropy, wordlist)
}

/** The BIP-32 root of a seed. */
export function masterKeyOf(seed: Uint8Array): HDKey {
  if (seed.length < 16) throw new TransformError('seed_bytes length must be at least 128 bits')
  return HDKey.fromMasterSeed(seed)
}

/** The last 20 bytes of the Keccak hash of an uncompressed public key, in lower case. */
export function ethereumAddressOf(uncompressedKey: Uint8Array): string {
  return prefixedHex(keccak_256(uncompressedKey.subarray(1)).subarray(12))
}

export function requireKnownCurve(inputs: JsonObject): void {
  const curve = optionalText(inputs, 'curve', 'secp256k1')
  if (curve !== 'secp256k1') throw new TransformError(`unsupported curve '${curve}'`)
}

export function privateKeyOf(key: HDKey): Uint8Array {
  return assertDefined(key.privateKey, 'a key derived from a private key has one')
}

function chainCodeOf(key: HDKey): Uint8Array {
  return assertDefined(key.chainCode, 'a derived key has a chain code')
}

/** The largest BIP-32 index. */
const maxIndex = 2 ** 32 - 1
