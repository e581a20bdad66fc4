import { integer, JsonFloat, type JsonValue } from './value.ts'

/**
 * A value of plain JavaScript (as `JSON.parse` gives it) with its numbers kept apart: whole numbers of exact size are
 * integers, all others floats. JavaScript itself cannot tell 1 from 1.0, so both become the integer.
 */
export function fromPlain(value: unknown): JsonValue {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? value : new JsonFloat(value)
    case 'bigint':
      return integer(value)
    case 'object':
      if (value === null) return null
      // Not `map`, which leaves holes as they are.
      if (Array.isArray(value)) return Array.from(value, fromPlain)
      return new Map(Object.entries(value).map(([key, item]) => [key, fromPlain(item)]))
    default:
      return null
  }
}

/** The other way round. Integers beyond 2^53 lose digits; keys in the order of the object. */
export function toPlain(value: JsonValue): unknown {
  if (value instanceof JsonFloat) return value.value
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [key, toPlain(item)]))
  return Array.isArray(value) ? value.map(toPlain) : value
}
