import { isArray, isObject, type JsonValue, object } from '../../json/value.ts'
import { bytesOf, exactBytesOf, prefixedHex } from './hex.ts'
import { naturalNumberOrText, optionalText, required, wrongType } from './inputs.ts'
import { defineTransform } from './transform.ts'

/** The bytes of an unsigned EIP-1559 transaction: 02 and the RLP list of its fields. */
export const buildEthereumTransaction = defineTransform('CT_PURE_BUILD_ETH_TRANSACTION_V0', (inputs) => {
  const fields: RlpItem[] = [
    naturalNumberOrText(inputs, 'chain_id'),
    naturalNumberOrText(inputs, 'nonce'),
    naturalNumberOrText(inputs, 'max_priority_fee_per_gas', 1_000_000_000),
    naturalNumberOrText(inputs, 'max_fee_per_gas', 20_000_000_000),
    naturalNumberOrText(inputs, 'gas_limit', 21_000),
    exactBytesOf(required(inputs, 'to'), 'to', 20),
    naturalNumberOrText(inputs, 'value'),
    bytesOf(optionalText(inputs, 'data', '0x'), 'data'),
    accessListOf(inputs.get('access_list') ?? []),
  ]
  return object({ unsigned_tx_bytes: prefixedHex(Uint8Array.of(2, ...encode(fields))) })
})

type RlpItem = bigint | Uint8Array | readonly RlpItem[]

/** Recursive length prefix encoding, as the Ethereum yellow paper defines it (appendix B). */
function encode(item: RlpItem): Uint8Array {
  if (typeof item === 'bigint') return encode(bigEndian(item))
  if (item instanceof Uint8Array) {
    const [first] = item
    if (item.length === 1 && first !== undefined && first < 0x80) return item
    return Uint8Array.of(...header(0x80, item.length), ...item)
  }
  const content = item.flatMap((each) => [...encode(each)])
  return Uint8Array.of(...header(0xc0, content.length), ...content)
}

function header(base: number, length: number): Uint8Array {
  if (length < 56) return Uint8Array.of(base + length)
  const size = bigEndian(BigInt(length))
  return Uint8Array.of(base + 55 + size.length, ...size)
}

/** Without leading zeros; zero has no bytes at all. */
function bigEndian(value: bigint): Uint8Array {
  if (value === 0n) return new Uint8Array()
  const digits = value.toString(16)
  return Uint8Array.from(Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex'))
}

/** Pairs of an address and its storage keys, written as lists or as objects. */
function accessListOf(value: JsonValue): RlpItem {
  if (!isArray(value)) throw wrongType('access_list', 'list', value)
  return value.map((entry) => {
    const [address, keys] = isObject(entry)
      ? [entry.get('address'), entry.get('storageKeys') ?? []]
      : isArray(entry)
        ? [entry[0], entry[1] ?? []]
        : [entry, []]
    if (!isArray(keys)) throw wrongType('storage keys', 'list', keys)
    return [exactBytesOf(address, 'address', 20), keys.map((key) => exactBytesOf(key, 'storage key', 32))]
  })
}
