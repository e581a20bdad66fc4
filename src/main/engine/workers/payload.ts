/**
 * Plain data in place: a compact encoding of undefined, null, booleans, numbers, bigints, strings, dates, dense arrays and
 * plain objects, written straight into a ring's arena. Anything else, and anything larger than the room given, is for the
 * MessagePort. Two references to one object arrive as two objects: identity is the port's affair too.
 */

/** How a record carries its payload. */
export const payloadKinds = {
  /** No arguments, or the result undefined. */
  none: 0,
  /** One number, inside the record. */
  number: 1,
  /** Encoded in the arena. */
  arena: 2,
  /** Travels by MessagePort. */
  port: 3,
} as const

/** What a value's bytes begin with. */
export const payloadTags = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  int32: 4,
  float64: 5,
  string: 6,
  array: 7,
  object: 8,
  bigint: 9,
  date: 10,
} as const

const tags = payloadTags
const maxDepth = 32
const textEncoder = new TextEncoder()
const textDecoder = new TextDecoder()
const scratch = new DataView(new ArrayBuffer(8))
const scratchBytes = new Uint8Array(scratch.buffer)
// Above this a native decoder beats building the string character by character.
const shortString = 24

/** Encodes one value at a time; made once per ring side, so that the hot path allocates nothing. */
export class PayloadWriter {
  #bytes: Uint8Array = new Uint8Array(0)
  #at = 0
  #end = 0

  /** Writes `value` at `offset`; returns the bytes used, or -1 when it does not fit or is not plain data. */
  write(bytes: Uint8Array, offset: number, room: number, value: unknown): number {
    this.#bytes = bytes
    this.#at = offset
    this.#end = offset + room
    return this.#value(value, 0) ? this.#at - offset : -1
  }

  #value(value: unknown, depth: number): boolean {
    switch (typeof value) {
      case 'undefined':
        return this.#tag(tags.undefined)
      case 'boolean':
        return this.#tag(value ? tags.true : tags.false)
      case 'number':
        return this.#number(value)
      case 'string':
        return this.#tag(tags.string) && this.#string(value)
      case 'bigint':
        return this.#tag(tags.bigint) && this.#string(String(value))
      case 'object':
        return value === null ? this.#tag(tags.null) : this.#object(value, depth)
      default:
        return false
    }
  }

  #object(value: object, depth: number): boolean {
    if (depth === maxDepth) return false
    if (Array.isArray(value)) {
      if (!this.#tag(tags.array) || !this.#uint32(value.length)) return false
      for (let index = 0; index < value.length; index++) {
        if (!(index in value) || !this.#value(value[index], depth + 1)) return false
      }
      return true
    }
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype === Object.prototype) return this.#plainObject(value as Record<string, unknown>, depth)
    if (value instanceof Date && prototype === Date.prototype) {
      return this.#tag(tags.date) && this.#float64(value.getTime())
    }
    return false
  }

  #plainObject(value: Record<string, unknown>, depth: number): boolean {
    const keys = Object.keys(value)
    if (!this.#tag(tags.object) || !this.#uint32(keys.length)) return false
    for (const key of keys) {
      // Assigning it on the other side would set the prototype instead of a property.
      if (key === '__proto__') return false
      if (!this.#string(key) || !this.#value(value[key], depth + 1)) return false
    }
    return true
  }

  #number(value: number): boolean {
    if ((value | 0) === value && !Object.is(value, -0)) return this.#tag(tags.int32) && this.#uint32(value)
    return this.#tag(tags.float64) && this.#float64(value)
  }

  #tag(tag: number): boolean {
    if (this.#at >= this.#end) return false
    this.#bytes[this.#at++] = tag
    return true
  }

  #uint32(value: number): boolean {
    if (this.#at + 4 > this.#end) return false
    const bytes = this.#bytes
    bytes[this.#at++] = value
    bytes[this.#at++] = value >> 8
    bytes[this.#at++] = value >> 16
    bytes[this.#at++] = value >> 24
    return true
  }

  #float64(value: number): boolean {
    if (this.#at + 8 > this.#end) return false
    scratch.setFloat64(0, value)
    this.#bytes.set(scratchBytes, this.#at)
    this.#at += 8
    return true
  }

  #string(text: string): boolean {
    const lengthAt = this.#at
    if (!this.#uint32(0)) return false
    if (text.length > this.#end - this.#at) return false
    if (text.length > shortString || !this.#ascii(text)) {
      this.#at = lengthAt + 4
      // A lone surrogate would arrive as U+FFFD: structured clone keeps it, so let the port carry it.
      if (!text.isWellFormed()) return false
      const { read, written } = textEncoder.encodeInto(text, this.#bytes.subarray(this.#at, this.#end))
      if (read < text.length) return false
      this.#at += written
    }
    const end = this.#at
    this.#at = lengthAt
    this.#uint32(end - lengthAt - 4)
    this.#at = end
    return true
  }

  #ascii(text: string): boolean {
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index)
      if (code > 127) return false
      this.#bytes[this.#at++] = code
    }
    return true
  }
}

/** Decodes what PayloadWriter wrote. */
export class PayloadReader {
  #bytes: Uint8Array = new Uint8Array(0)
  #at = 0

  read(bytes: Uint8Array, offset: number): unknown {
    this.#bytes = bytes
    this.#at = offset
    return this.#value()
  }

  #value(): unknown {
    const tag = this.#byte()
    switch (tag) {
      case tags.undefined:
        return undefined
      case tags.null:
        return null
      case tags.false:
        return false
      case tags.true:
        return true
      case tags.int32:
        return this.#uint32() | 0
      case tags.float64:
        return this.#float64()
      case tags.string:
        return this.#string()
      case tags.bigint:
        return BigInt(this.#string())
      case tags.date:
        return new Date(this.#float64())
      case tags.array:
        return this.#array()
      case tags.object:
        return this.#object()
      default:
        throw new Error(`payload has an unknown tag ${tag}`)
    }
  }

  #array(): unknown[] {
    const length = this.#uint32()
    const items: unknown[] = []
    for (let index = 0; index < length; index++) items.push(this.#value())
    return items
  }

  #object(): Record<string, unknown> {
    const count = this.#uint32()
    const result: Record<string, unknown> = {}
    for (let index = 0; index < count; index++) {
      const key = this.#string()
      result[key] = this.#value()
    }
    return result
  }

  #byte(): number {
    return this.#bytes[this.#at++] ?? -1
  }

  #uint32(): number {
    return (this.#byte() | (this.#byte() << 8) | (this.#byte() << 16) | (this.#byte() << 24)) >>> 0
  }

  #float64(): number {
    for (let index = 0; index < 8; index++) scratchBytes[index] = this.#byte()
    return scratch.getFloat64(0)
  }

  #string(): string {
    const length = this.#uint32()
    const start = this.#at
    this.#at += length
    if (length <= shortString) {
      let text = ''
      let index = start
      for (; index < this.#at; index++) {
        const code = this.#bytes[index] ?? 0
        if (code > 127) break
        text += String.fromCharCode(code)
      }
      if (index === this.#at) return text
    }
    // A TextDecoder refuses views on shared memory, so copy first.
    return textDecoder.decode(this.#bytes.slice(start, this.#at))
  }
}
