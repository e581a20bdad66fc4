import { secp256k1 } from '@noble/curves/secp256k1.js'
import { ripemd160 } from '@noble/hashes/legacy.js'
import { sha256 } from '@noble/hashes/sha2.js'
import type { HDKey } from '@scure/bip32'
import { mnemonicToSeedSync } from '@scure/bip39'
import { integer, isArray, isInteger, isObject, type JsonObject, type JsonValue, object } from '../../json/value.ts'
import { walkKeys } from '../paths/walk.ts'
import { bytesOf, plainHex } from './hex.ts'
import { optionalText, requiredList, requiredObject } from './inputs.ts'
import { entropyBytesFor, ethereumAddressOf, masterKeyOf, mnemonicOf, privateKeyOf, requireKnownCurve } from './keys.ts'
import { defineTransform, TransformError } from './transform.ts'

/** A hierarchical wallet from given or new entropy: two leaves below one root path, never a private key. */
export const deriveWalletKeypairs = defineTransform('CT_PURE_DERIVE_WALLET_KEYPAIRS_V0', (inputs, { entropy }) => {
  const byteCount = entropyBytesFor(inputs)
  requireKnownCurve(inputs)
  const given = inputs.get('entropy_bytes') ?? null
  const bytes = given === null ? entropy.bytes(byteCount) : bytesOf(given, 'entropy_bytes')
  const seed = mnemonicToSeedSync(mnemonicOf(bytes), optionalText(inputs, 'passphrase', ''))
  const master = masterKeyOf(seed)
  const root = pathOf(inputs, 'root_path_indices')
  const account = leafOf(master, [...root, ...pathOf(inputs, 'eoa_child_indices')])
  const unspent = leafOf(master, [...root, ...pathOf(inputs, 'utxo_child_indices')])
  const masterPublicKey = secp256k1.getPublicKey(privateKeyOf(master), true)
  return object({
    eoa_public_key_hex: account.publicKey,
    eoa_address: account.address,
    eoa_derivation_path: account.path,
    utxo_public_key_hex: unspent.publicKey,
    utxo_address: unspent.address,
    utxo_derivation_path: unspent.path,
    master_fingerprint: plainHex(ripemd160(sha256(masterPublicKey)).subarray(0, 4)),
  })
})

export const extractWalletFields = defineTransform('CT_PURE_EXTRACT_WALLET_TX_FIELDS_V0', (inputs) => {
  const wallet = requiredObject(inputs, 'wallet_record')
  const accounts = walkKeys(wallet, ['addresses', 'eoa'])
  const first = isArray(accounts) ? accounts[0] : null
  return object({
    from_address: walkKeys(first, ['address']),
    current_nonce: walkKeys(wallet, ['state', 'eoa', 'nonce']) ?? 0,
    actor_id: wallet.get('actor_id') ?? null,
  })
})

export const incrementWalletNonce = defineTransform('CT_PURE_INCREMENT_WALLET_NONCE_V0', (inputs) => {
  const wallet = requiredObject(inputs, 'wallet_record')
  const nonce = walkKeys(wallet, ['state', 'eoa', 'nonce']) ?? 0
  if (!isInteger(nonce)) throw new TransformError('state.eoa.nonce must be an integer')
  const next = integer(BigInt(nonce) + 1n)
  return object({ nonce, updated_wallet_record: withValueAt(wallet, ['state', 'eoa', 'nonce'], next) })
})

interface Leaf {
  readonly publicKey: string
  readonly address: string
  readonly path: string
}

function leafOf(master: HDKey, path: readonly number[]): Leaf {
  const key = path.reduce((parent, index) => parent.deriveChild(index), master)
  const publicKey = secp256k1.getPublicKey(privateKeyOf(key), false)
  return { publicKey: plainHex(publicKey), address: ethereumAddressOf(publicKey), path: pathText(path) }
}

function pathOf(inputs: JsonObject, name: string): number[] {
  return requiredList(inputs, name).map((index) => {
    if (typeof index === 'number' && index >= 0 && index < 2 ** 32) return index
    throw new TransformError(`${name} must hold 32-bit unsigned integers`)
  })
}

// From here on an index is hardened, which paths mark with an apostrophe.
const hardened = 2 ** 31

function pathText(path: readonly number[]): string {
  return ['m', ...path.map((index) => (index >= hardened ? `${index - hardened}'` : String(index)))].join('/')
}

/** A copy of an object with one value replaced; objects on the way that are missing are made. */
function withValueAt(value: JsonObject, [key, ...rest]: readonly string[], replacement: JsonValue): JsonObject {
  if (key === undefined) return value
  const inner = value.get(key)
  const replaced = rest.length === 0 ? replacement : withValueAt(isObject(inner) ? inner : new Map(), rest, replacement)
  return new Map(value).set(key, replaced)
}
