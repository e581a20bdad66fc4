import { describeBare, typeName } from '../../json/describe.ts'
import { readInteger } from '../../json/integer-text.ts'
import {
  isArray,
  isInteger,
  isObject,
  type JsonArray,
  type JsonInteger,
  type JsonObject,
  type JsonValue,
} from '../../json/value.ts'
import { TransformError } from './transform.ts'

/** An input that has to be there; it may be null. */
export function required(inputs: JsonObject, name: string): JsonValue {
  const value = inputs.get(name)
  if (value === undefined) throw new TransformError(`missing required input '${name}'`)
  return value
}

export function requiredText(inputs: JsonObject, name: string): string {
  const value = required(inputs, name)
  if (typeof value === 'string') return value
  throw wrongType(name, 'string', value)
}

export function requiredList(inputs: JsonObject, name: string): JsonArray {
  const value = required(inputs, name)
  if (isArray(value)) return value
  throw wrongType(name, 'list', value)
}

export function requiredObject(inputs: JsonObject, name: string): JsonObject {
  const value = required(inputs, name)
  if (isObject(value)) return value
  throw wrongType(name, 'object', value)
}

/** An integer; booleans pass as 1 and 0, floats do not. */
export function requiredCount(inputs: JsonObject, name: string): JsonInteger {
  const value = required(inputs, name)
  if (typeof value === 'boolean') return value ? 1 : 0
  if (isInteger(value)) return value
  throw wrongType(name, 'int', value)
}

/** An integer that is not negative; absent or null gives `fallback`, or fails without one. */
export function naturalNumber(inputs: JsonObject, name: string, fallback?: JsonInteger): JsonInteger {
  const value = inputs.get(name) ?? null
  if (value === null && fallback !== undefined) return fallback
  if (!isInteger(value)) throw wrongType(name, 'int', value)
  if (value < 0) throw new TransformError(`${name} must be non-negative, got ${value}`)
  return value
}

/** As `naturalNumber`, also from its decimal text. */
export function naturalNumberOrText(inputs: JsonObject, name: string, fallback?: JsonInteger): bigint {
  const value = inputs.get(name) ?? null
  if (value === null && fallback !== undefined) return BigInt(fallback)
  const read = typeof value === 'string' ? readInteger(value) : value
  if (!isInteger(read ?? undefined)) throw new TransformError(`${name} must be an integer, got ${describeBare(value)}`)
  const number = BigInt(read as JsonInteger)
  if (number < 0n) throw new TransformError(`${name} must be non-negative, got ${number}`)
  return number
}

/** A text; absent or null gives `fallback`. */
export function optionalText(inputs: JsonObject, name: string, fallback: string): string {
  const value = inputs.get(name) ?? null
  if (value === null) return fallback
  if (typeof value === 'string') return value
  throw wrongType(name, 'string', value)
}

export function wrongType(name: string, wanted: string, value: JsonValue): TransformError {
  return new TransformError(`${name} must be ${wanted}, got ${typeName(value)}`)
}
