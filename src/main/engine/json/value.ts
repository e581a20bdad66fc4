/**
 * JSON values that keep what `JSON.parse` loses: an integer of any size, 5 apart from 5.0, and the order of keys
 * (a plain object moves digit-only keys to the front).
 */
export type JsonValue = null | boolean | string | JsonNumber | JsonArray | JsonObject
export type JsonArray = readonly JsonValue[]
export type JsonObject = ReadonlyMap<string, JsonValue>

/** An integer within ±(2^53-1) is a `number`, a larger one a `bigint`; a number with a fraction or an exponent is a `JsonFloat`. */
export type JsonNumber = JsonInteger | JsonFloat
export type JsonInteger = number | bigint

/** A number that was written as a float. `value` may be integral (5.0), infinite or NaN. */
export class JsonFloat {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }
}

export const emptyObject: JsonObject = new Map()

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return value instanceof Map
}

export function isArray(value: JsonValue | undefined): value is JsonArray {
  return Array.isArray(value)
}

/** True for integers only: not for booleans, not for 5.0. */
export function isInteger(value: JsonValue | undefined): value is JsonInteger {
  return typeof value === 'number' || typeof value === 'bigint'
}

export function isNumber(value: JsonValue | undefined): value is JsonNumber {
  return isInteger(value) || value instanceof JsonFloat
}

/** The one representation of an integer: a `number` wherever it is exact. */
export function integer(value: bigint): JsonInteger {
  return value >= minSafe && value <= maxSafe ? Number(value) : value
}

const minSafe = BigInt(Number.MIN_SAFE_INTEGER)
const maxSafe = BigInt(Number.MAX_SAFE_INTEGER)

/** The nearest double of a number. */
export function toDouble(value: JsonNumber): number {
  return value instanceof JsonFloat ? value.value : Number(value)
}

/** An object of the given entries, in that order. */
export function object(entries: Readonly<Record<string, JsonValue>>): Map<string, JsonValue> {
  const made = new Map<string, JsonValue>()
  for (const key of Object.keys(entries)) made.set(key, entries[key] as JsonValue)
  return made
}

/** The text under `key`, or null when there is none or it is not a text. */
export function textAt(value: JsonObject, key: string): string | null {
  const found = value.get(key)
  return typeof found === 'string' ? found : null
}

/** The object under `key`, or null when there is none or it is not an object. */
export function objectAt(value: JsonObject, key: string): JsonObject | null {
  const found = value.get(key)
  return isObject(found) ? found : null
}
