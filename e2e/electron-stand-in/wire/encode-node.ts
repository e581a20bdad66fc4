import { toBase64 } from './base64.ts'
import type { Node } from './node.ts'

/** `seen` numbers the objects of the value that is being encoded. */
export function encodeNode(value: unknown, seen: Map<object, number>): Node {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : ['number', Object.is(value, -0) ? '-0' : `${value}`]
    case 'undefined':
      return ['undefined']
    case 'bigint':
      return ['bigint', `${value}`]
    case 'object':
      return value === null ? null : encodeObject(value, seen)
    default:
      return refuse()
  }
}

function encodeObject(value: object, seen: Map<object, number>): Node {
  const earlier = seen.get(value)
  if (earlier !== undefined) return ['same', earlier]
  seen.set(value, seen.size)
  if (ArrayBuffer.isView(value)) return encodeView(value, seen)
  if (Array.isArray(value)) return ['array', ...Array.from(value, (item) => encodeNode(item, seen))]
  switch (Object.prototype.toString.call(value).slice('[object '.length, -1)) {
    case 'Object':
      return ['object', encodeProperties(value, seen)]
    case 'Date':
      return ['date', (value as Date).getTime()]
    case 'RegExp':
      return ['regexp', (value as RegExp).source, (value as RegExp).flags]
    case 'Map':
      return ['map', ...Array.from(value as Map<unknown, unknown>, ([key, item]) => encodePair(key, item, seen))]
    case 'Set':
      return ['set', ...Array.from(value as Set<unknown>, (item) => encodeNode(item, seen))]
    case 'ArrayBuffer':
      return ['buffer', toBase64(new Uint8Array(value as ArrayBuffer))]
    case 'Error':
    case 'DOMException':
      return encodeError(value as Error, seen)
    default:
      return refuse()
  }
}

function encodePair(key: unknown, item: unknown, seen: Map<object, number>): readonly [Node, Node] {
  return [encodeNode(key, seen), encodeNode(item, seen)]
}

function encodeProperties(value: object, seen: Map<object, number>): Record<string, Node> {
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, encodeNode(item, seen)]))
}

function encodeError(error: Error, seen: Map<object, number>): Node {
  const cause = 'cause' in error ? encodeNode(error.cause, seen) : encodeNode(undefined, seen)
  return ['error', String(error.name), String(error.message), error.stack ?? null, cause]
}

function encodeView(view: ArrayBufferView, seen: Map<object, number>): Node {
  // Most of Node's Buffers are small windows into a large pool that is nobody else's business.
  if (typeof Buffer === 'function' && view instanceof Buffer) {
    const own = new Uint8Array(view).buffer
    return ['view', 'Uint8Array', encodeNode(own, seen), 0, view.length]
  }
  const kind = Object.prototype.toString.call(view).slice('[object '.length, -1)
  const length = 'length' in view ? (view.length as number) : view.byteLength
  return ['view', kind, encodeNode(view.buffer, seen), view.byteOffset, length]
}

function refuse(): never {
  throw new Error('An object could not be cloned.')
}
