import { fromBase64 } from './base64.ts'
import type { Node } from './node.ts'

export interface Decoding {
  /** Every object so far, in the order in which it began. */
  readonly seen: object[]
  readonly buffers: ArrayBuffer[]
}

export function decodeNode(node: Node, decoding: Decoding): unknown {
  if (typeof node !== 'object' || node === null) return node
  const [kind, ...parts] = node
  const decode = decoders[kind]
  if (decode === undefined) throw new Error(`structured text holds the unknown kind '${kind}'`)
  return decode(parts, decoding)
}

type Decoder = (parts: readonly unknown[], decoding: Decoding) => unknown

/** An object takes its number before what it holds is decoded: that is how it was encoded. */
const decoders: Readonly<Record<string, Decoder>> = {
  undefined: () => undefined,
  number: ([text]) => Number(text),
  bigint: ([text]) => BigInt(text as string),
  same: ([index], { seen }) => seen[index as number],
  date: ([time], decoding) => remember(new Date((time as number | null) ?? Number.NaN), decoding),
  regexp: ([source, flags], decoding) => remember(new RegExp(source as string, flags as string), decoding),
  buffer: ([text], decoding) => {
    const { buffer } = fromBase64(text as string)
    decoding.buffers.push(buffer)
    return remember(buffer, decoding)
  },
  array: (items, decoding) => {
    const array: unknown[] = remember([], decoding)
    for (const item of items) array.push(decodeNode(item as Node, decoding))
    return array
  },
  object: ([properties], decoding) => {
    const object = remember({}, decoding)
    for (const [name, item] of Object.entries(properties as Record<string, Node>)) {
      setOwn(object, name, decodeNode(item, decoding))
    }
    return object
  },
  map: (pairs, decoding) => {
    const map = remember(new Map<unknown, unknown>(), decoding)
    for (const [key, item] of pairs as readonly (readonly [Node, Node])[]) {
      map.set(decodeNode(key, decoding), decodeNode(item, decoding))
    }
    return map
  },
  set: (items, decoding) => {
    const set = remember(new Set<unknown>(), decoding)
    for (const item of items) set.add(decodeNode(item as Node, decoding))
    return set
  },
  error: ([name, message, stack, cause], decoding) => {
    const error = remember(createError(name as string, message as string), decoding)
    if (typeof stack === 'string') error.stack = stack
    const decodedCause = decodeNode(cause as Node, decoding)
    if (decodedCause !== undefined) Object.defineProperty(error, 'cause', hidden(decodedCause))
    return error
  },
  view: ([kind, buffer, byteOffset, length], decoding) => {
    // The view's own number comes before its buffer's, but it cannot be made without the buffer.
    const number = decoding.seen.push(decoding) - 1
    const view = createView(kind as string, decodeNode(buffer as Node, decoding) as ArrayBuffer, byteOffset, length)
    decoding.seen[number] = view
    return view
  },
}

function remember<T extends object>(object: T, { seen }: Decoding): T {
  seen.push(object)
  return object
}

function createView(kind: string, buffer: ArrayBuffer, byteOffset: unknown, length: unknown): object {
  const View = (globalThis as unknown as Record<string, new (...parts: unknown[]) => object>)[kind]
  if (View === undefined) throw new Error(`this side knows no ${kind}`)
  return new View(buffer, byteOffset, length)
}

// The names that the structured clone algorithm keeps; any other becomes a plain Error.
const errorTypes: Readonly<Record<string, ErrorConstructor>> = {
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
}

function createError(name: string, message: string): Error {
  return new (errorTypes[name] ?? Error)(message)
}

function hidden(value: unknown): PropertyDescriptor {
  return { value, writable: true, configurable: true, enumerable: false }
}

// An assignment to `__proto__` would change the prototype instead.
function setOwn(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, writable: true, configurable: true, enumerable: true })
}
