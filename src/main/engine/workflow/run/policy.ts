import { isArray, isObject, type JsonObject, type JsonValue } from '../../json/value.ts'

/** A policy with the data root in place of `{{module_data_root}}`, in every text and every key. */
export function withDataRoot(policy: JsonObject, dataRoot: string): JsonObject {
  return new Map([...policy].map(([key, value]) => [fill(key, dataRoot), fillValue(value, dataRoot)]))
}

function fillValue(value: JsonValue, dataRoot: string): JsonValue {
  if (typeof value === 'string') return fill(value, dataRoot)
  if (isArray(value)) return value.map((item) => fillValue(item, dataRoot))
  return isObject(value) ? withDataRoot(value, dataRoot) : value
}

function fill(text: string, dataRoot: string): string {
  return text.replaceAll('{{module_data_root}}', () => dataRoot)
}
