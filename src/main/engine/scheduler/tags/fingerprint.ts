import { createHash } from 'node:crypto'
import type { HashPolicy } from '../../../../shared/model/tags.ts'

/**
 * Fingerprints of arguments for sticky keys: equal data gives equal text, whatever the order of keys. It is pure, never throws, loads
 * nothing, and its cost has a bound: a value with more items than the bound enters as its kind and size alone, so that two such
 * values may share a key (and are then merely run one after the other) but never the other way round.
 */

interface Limits {
  readonly depth: number
  /** Values looked at in one argument. */
  readonly items: number
  /** Characters or bytes of one text or buffer that count; longer ones count by their beginning and their length. */
  readonly content: number
  /** Whether the bytes of buffers count at all. */
  readonly bytes: boolean
}

const limits: Readonly<Record<Exclude<HashPolicy, 'NONE'>, Limits>> = {
  FAST: { depth: 2, items: 64, content: 256, bytes: false },
  STANDARD: { depth: 8, items: 1024, content: 65_536, bytes: false },
  FULL: { depth: 32, items: 65_536, content: 16 * 2 ** 20, bytes: true },
}

/** A key longer than this is cut, and told apart by its digest. */
const longestKey = 256
const keptOfKey = 160

/** The key of a token in its anchor: the anchor's name, and what the policy takes of the arguments. */
export function stickyKey(anchor: string, values: readonly unknown[], policy: HashPolicy): string {
  if (policy === 'NONE' || values.length === 0) return anchor
  const bounds = limits[policy]
  const key = `${anchor}(${values.map((value) => fingerprint(value, bounds)).join(',')})`
  if (key.length <= longestKey) return key
  return `${key.slice(0, keptOfKey)}…#${createHash('sha256').update(key).digest('hex')}`
}

function fingerprint(value: unknown, bounds: Limits): string {
  const reader = new FingerprintReader(bounds)
  try {
    const text = reader.read(value)
    // Which items came before the bound may depend on the order of keys, so nothing of them counts then.
    return reader.exhausted ? shapeOf(value) : text
  } catch {
    // A getter or proxy of the caller's own threw.
    return 'unreadable'
  }
}

class FingerprintReader {
  readonly #limits: Limits
  readonly #path: object[] = []
  #left: number

  constructor(bounds: Limits) {
    this.#limits = bounds
    this.#left = bounds.items
  }

  get exhausted(): boolean {
    return this.#left < 0
  }

  read(value: unknown): string {
    this.#left -= 1
    if (this.exhausted) return ''
    switch (typeof value) {
      case 'string':
        return this.#text(value)
      case 'number':
        return Object.is(value, -0) ? '-0' : String(value)
      case 'bigint':
        return `${value}n`
      case 'symbol':
        return `symbol:${String(value.description)}`
      case 'function':
        return `function#${identityOf(value)}`
      case 'object':
        return value === null ? 'null' : this.#object(value)
      default:
        return String(value)
    }
  }

  #text(value: string): string {
    const { content } = this.#limits
    if (value.length <= 64) return JSON.stringify(value)
    return `text:${value.length}:${digestOf(value.slice(0, content))}`
  }

  #object(value: object): string {
    const above = this.#path.lastIndexOf(value)
    if (above >= 0) return `^${this.#path.length - above}`
    const plain = this.#leaf(value)
    if (plain !== null) return plain
    if (this.#path.length >= this.#limits.depth) return shapeOf(value)
    this.#path.push(value)
    const text = this.#container(value)
    this.#path.pop()
    return text
  }

  #leaf(value: object): string | null {
    if (value instanceof Date) return `date:${value.getTime()}`
    if (value instanceof RegExp) return `regexp:${value}`
    if (value instanceof URL) return `url:${value.href}`
    if (value instanceof Error) return `error:${value.name}:${this.#text(String(value.message))}`
    if (ArrayBuffer.isView(value))
      return this.#bytes(value.constructor.name, new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
    if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer)
      return this.#bytes(value.constructor.name, new Uint8Array(value))
    return null
  }

  #bytes(kind: string, bytes: Uint8Array): string {
    const { bytes: counts, content } = this.#limits
    const about = `${kind}:${bytes.length}`
    return counts ? `${about}:${digestOf(bytes.subarray(0, content))}` : about
  }

  #container(value: object): string {
    if (Array.isArray(value))
      return value.length > this.#left ? this.#tooMany() : `[${value.map((item) => this.read(item)).join(',')}]`
    if (value instanceof Map) {
      if (value.size > this.#left) return this.#tooMany()
      return `Map{${[...value]
        .map(([key, item]) => `${this.read(key)}:${this.read(item)}`)
        .sort()
        .join(',')}}`
    }
    if (value instanceof Set) {
      if (value.size > this.#left) return this.#tooMany()
      return `Set{${[...value]
        .map((item) => this.read(item))
        .sort()
        .join(',')}}`
    }
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype !== Object.prototype && prototype !== null) return `${kindOf(value)}#${identityOf(value)}`
    const keys = Object.keys(value).sort()
    if (keys.length > this.#left) return this.#tooMany()
    const record = value as Record<string, unknown>
    return `{${keys.map((key) => `${JSON.stringify(key)}:${this.read(record[key])}`).join(',')}}`
  }

  #tooMany(): string {
    this.#left = -1
    return ''
  }
}

/** Kind and size, without a look inside. */
function shapeOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value
  if (Array.isArray(value)) return `Array:${value.length}`
  if (value instanceof Map || value instanceof Set) return `${value instanceof Map ? 'Map' : 'Set'}:${value.size}`
  return kindOf(value)
}

function kindOf(value: object): string {
  const name: unknown = value.constructor?.name
  return typeof name === 'string' && name !== '' ? name : 'object'
}

function digestOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 32)
}

const identities = new WeakMap<object, number>()
let nextIdentity = 1

function identityOf(value: object): number {
  const known = identities.get(value)
  if (known !== undefined) return known
  identities.set(value, nextIdentity)
  return nextIdentity++
}
