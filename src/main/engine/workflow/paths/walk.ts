import { isObject, type JsonValue } from '../../json/value.ts'

/** Follows keys through objects only. Any miss gives null: there are no list indexes, wildcards or escapes. */
export function walkKeys(start: JsonValue | undefined, keys: readonly string[]): JsonValue {
  let value: JsonValue | undefined = start
  for (const key of keys) {
    if (!isObject(value)) return null
    value = value.get(key)
  }
  return value ?? null
}

/** What stands behind a prefix, cut at the dots. */
export function keysAfter(text: string, prefix: string): string[] {
  return text.slice(prefix.length).split('.')
}
