import { typeName } from '../../json/describe.ts'
import { isArray, isObject, type JsonObject, type JsonValue } from '../../json/value.ts'

/**
 * What a run is given, as an object. The reference copies it the way its language does: a list of pairs becomes an
 * object too, and its messages for everything else stand in traces.
 */
export function payloadObject(payload: JsonValue): JsonObject {
  if (isObject(payload)) return payload
  if (typeof payload !== 'string' && !isArray(payload)) throw new Error(`'${typeName(payload)}' object is not iterable`)
  const entries = new Map<string, JsonValue>()
  for (const [index, item] of [...payload].entries()) {
    const pair = typeof item === 'string' ? [...item] : isObject(item) ? [...item.keys()] : item
    if (!isArray(pair)) {
      throw new Error(`cannot convert dictionary update sequence element #${index} to a sequence`)
    }
    const [key, value] = pair
    if (pair.length !== 2 || key === undefined || value === undefined) {
      throw new Error(`dictionary update sequence element #${index} has length ${pair.length}; 2 is required`)
    }
    if (typeof key !== 'string') throw new Error(`payload key ${index} must be a text, not ${typeName(key)}`)
    entries.set(key, value)
  }
  return entries
}
