import { encodeValue } from '../../../../shared/contract/values.ts'
import { toErrorData } from '../../../../shared/errors.ts'
import { JsonFloat, type JsonValue } from '../../json/value.ts'

/**
 * What an operation was given or gave, as JSON for the evidence: dates, bytes and the like in the encoding of values that the
 * contract uses. What cannot be said so, such as a cycle, is named in its place: evidence never stops a run.
 */
export function toJson(value: unknown): JsonValue {
  try {
    return fromPlain(encodeValue(value))
  } catch (error) {
    return new Map([['$unprintable', toErrorData(error).message]])
  }
}

/** What was encoded, as the plain data it is; numbers become doubles. */
export function toPlain(value: JsonValue): unknown {
  if (value instanceof JsonFloat) return value.value
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [key, toPlain(item)]))
  if (Array.isArray(value)) return value.map(toPlain)
  return typeof value === 'bigint' ? Number(value) : value
}

/** JSON as `JSON.parse` gives it. */
function fromPlain(value: unknown): JsonValue {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : new JsonFloat(value)
  if (Array.isArray(value)) return value.map(fromPlain)
  if (typeof value !== 'object' || value === null) return value as string | boolean | null
  return new Map(Object.entries(value).map(([key, item]) => [key, fromPlain(item)]))
}
