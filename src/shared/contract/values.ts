import { GuardhouseError } from '../errors.ts'

/**
 * Arguments and results as JSON. What JSON cannot say is tagged: `{ "$type": "bigint", "value": "12" }`; an object that has
 * a key `$type` of its own is wrapped as `{ "$type": "object", "value": {…} }`.
 * Types: undefined, bigint, number (NaN, Infinity, -Infinity, -0), date (ISO 8601), map (pairs), set (items), bytes (base64 with
 * the constructor's name), error (ErrorData-like name and message), object.
 */
const maxDepth = 200

interface TypedArrayConstructor {
  new (buffer: ArrayBuffer): ArrayBufferView
}

const binaryConstructors: Readonly<Record<string, TypedArrayConstructor>> = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
}

/** Encodes a value for JSON. Throws `not-cloneable` with the path of what cannot be said. */
export function encodeValue(value: unknown, path = 'value', depth = 0, seen: readonly object[] = []): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : { $type: 'number', value: Object.is(value, -0) ? '-0' : String(value) }
    case 'undefined':
      return { $type: 'undefined' }
    case 'bigint':
      return { $type: 'bigint', value: String(value) }
    case 'object':
      return value === null ? null : encodeObject(value, path, depth, seen)
    default:
      throw notCloneable(path, `a ${typeof value}`)
  }
}

function encodeObject(value: object, path: string, depth: number, seen: readonly object[]): unknown {
  if (seen.includes(value)) throw notCloneable(path, 'part of a cycle')
  if (depth >= maxDepth) throw notCloneable(path, `nested deeper than ${maxDepth}`)
  const inside = [...seen, value]
  const encode = (item: unknown, key: string | number) => encodeValue(item, `${path}.${key}`, depth + 1, inside)
  // Not `map`, which leaves holes as they are.
  if (Array.isArray(value)) return Array.from(value, encode)
  if (value instanceof Date) return { $type: 'date', value: Number.isNaN(value.getTime()) ? null : value.toISOString() }
  if (value instanceof Map) {
    return { $type: 'map', value: [...value].map(([key, item], index) => [encode(key, index), encode(item, index)]) }
  }
  if (value instanceof Set) return { $type: 'set', value: [...value].map(encode) }
  if (value instanceof Error) return { $type: 'error', value: { name: value.name, message: value.message } }
  if (value instanceof ArrayBuffer) return { $type: 'bytes', value: toBase64(new Uint8Array(value)), of: 'ArrayBuffer' }
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer as ArrayBuffer, value.byteOffset, value.byteLength)
    const name = Object.hasOwn(binaryConstructors, value.constructor.name) ? value.constructor.name : 'Uint8Array'
    return { $type: 'bytes', value: toBase64(bytes), of: name }
  }
  const kind = Object.prototype.toString.call(value).slice(8, -1)
  if (kind !== 'Object') throw notCloneable(path, `a ${kind}`)
  const plain = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, encode(item, key)]))
  return '$type' in plain ? { $type: 'object', value: plain } : plain
}

/** Decodes what `encodeValue` made. Throws `bad-request` on anything else. */
export function decodeValue(encoded: unknown, depth = 0): unknown {
  if (typeof encoded !== 'object' || encoded === null) return encoded
  if (depth > maxDepth * 2) throw new GuardhouseError('bad-request', `value nested deeper than ${maxDepth}`)
  if (Array.isArray(encoded)) return encoded.map((item) => decodeValue(item, depth + 1))
  const kind = Object.prototype.toString.call(encoded).slice(8, -1)
  if (kind !== 'Object') throw malformed(`a ${kind}, which JSON does not have`)
  return '$type' in encoded ? decodeTagged(encoded as Tagged, depth) : decodePlain(encoded, depth)
}

interface Tagged {
  readonly $type: unknown
  readonly value?: unknown
  readonly of?: unknown
}

function decodePlain(encoded: object, depth: number): Record<string, unknown> {
  // fromEntries defines properties, so a key `__proto__` stays data.
  return Object.fromEntries(Object.entries(encoded).map(([key, item]) => [key, decodeValue(item, depth + 1)]))
}

function decodeTagged({ $type: type, value, of }: Tagged, depth: number): unknown {
  const decode = (item: unknown) => decodeValue(item, depth + 1)
  switch (type) {
    case 'undefined':
      return undefined
    case 'number':
      if (typeof value === 'string') return Number(value)
      break
    case 'bigint':
      if (typeof value === 'string' && /^-?\d+$/.test(value)) return BigInt(value)
      break
    case 'date':
      return new Date(typeof value === 'string' ? value : Number.NaN)
    case 'map':
      if (Array.isArray(value) && value.every(isPair))
        return new Map(value.map(([key, item]) => [decode(key), decode(item)]))
      break
    case 'set':
      if (Array.isArray(value)) return new Set(value.map(decode))
      break
    case 'bytes':
      if (typeof value === 'string' && typeof of === 'string') return fromBase64(value, of)
      break
    case 'error':
      if (typeof value === 'object' && value !== null && 'message' in value) {
        return Object.assign(new Error(String(value.message)), 'name' in value ? { name: String(value.name) } : {})
      }
      break
    case 'object':
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return decodePlain(value, depth)
  }
  throw malformed(`of $type ${JSON.stringify(type)}`)
}

function isPair(item: unknown): item is [unknown, unknown] {
  return Array.isArray(item) && item.length === 2
}

function toBase64(bytes: Uint8Array): string {
  let text = ''
  // In pieces: spreading a large array overflows the stack.
  for (let start = 0; start < bytes.length; start += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(start, start + 0x8000))
  }
  return btoa(text)
}

function fromBase64(text: string, name: string): ArrayBuffer | ArrayBufferView {
  try {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
    if (name === 'ArrayBuffer') return bytes.buffer
    const view = Object.hasOwn(binaryConstructors, name) ? binaryConstructors[name] : undefined
    if (view !== undefined) return new view(bytes.buffer)
  } catch (cause) {
    throw malformed(`of bytes: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
  throw malformed(`of bytes ${JSON.stringify(name)}`)
}

function malformed(what: string): GuardhouseError {
  return new GuardhouseError('bad-request', `there is a malformed value ${what}`, {
    hint: 'Types are undefined, number, bigint, date, map, set, bytes, error and object; see the encoding of values in docs/api.md.',
  })
}

function notCloneable(path: string, what: string): GuardhouseError {
  return new GuardhouseError('not-cloneable', `${path} is ${what} and cannot leave its program`, {
    hint: 'Pass plain data: numbers, strings, arrays, objects, dates, maps, sets, bytes.',
  })
}
