import { GuardhouseError } from '../../../shared/errors.ts'
import type { Tuple, TupleValue } from '../../../shared/model/bus.ts'
import { parseJson } from '../json/parse.ts'
import { JsonFloat, type JsonValue } from '../json/value.ts'

/** Integers that a double cannot hold need the slower, exact reader. */
const longNumber = /\d{16}/

/** Reads a tuple as the stores and the log write it; frozen. Throws `bad-request` for what is no tuple. */
export function parseTuple(text: string): Tuple {
  const value = longNumber.test(text) ? plain(parseJson(text)) : (JSON.parse(text) as TupleValue)
  return asTuple(value)
}

/** A value read from JSON as a tuple: an object with an id. Throws `bad-request`. */
export function asTuple(value: unknown): Tuple {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  if (!isObject || typeof (value as { id?: unknown }).id !== 'string') {
    throw new GuardhouseError('bad-request', 'it is not an object with a text as id')
  }
  return freeze(value as TupleValue) as Tuple
}

/** JSON text as plain data, with integers of any size. Throws a SyntaxError or `bad-request`. */
export function parsePlain(text: string): TupleValue {
  return longNumber.test(text) ? plain(parseJson(text)) : (JSON.parse(text) as TupleValue)
}

function plain(value: JsonValue): TupleValue {
  if (value instanceof JsonFloat) return value.value
  if (value instanceof Map) {
    return Object.fromEntries([...value].map(([key, item]: [string, JsonValue]) => [key, plain(item)]))
  }
  return Array.isArray(value) ? value.map(plain) : (value as TupleValue)
}

/** Throws `bad-request` for a number beyond what JSON can say, such as 1e999. */
function freeze(value: TupleValue): TupleValue {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new GuardhouseError('bad-request', `it holds the number ${value}, which JSON does not have`)
  }
  if (typeof value !== 'object' || value === null) return value
  for (const item of Object.values(value)) freeze(item as TupleValue)
  return Object.freeze(value)
}
