import { printCanonical } from '../../json/print.ts'
import { isArray, isObject, type JsonObject, type JsonValue } from '../../json/value.ts'

const marker = '[redacted #'
// Shorter texts stand in too many places by chance.
const leastKnownLength = 6

/**
 * Leaves out what is declared to be secret. A declared name is a key, or several joined by dots for keys inside each other;
 * it holds at any depth. What stood there, and every text in it, is remembered and masked wherever it turns up later,
 * whatever it is called there. Equal secrets get equal marks, `[redacted #1]`, and nothing else of them remains.
 */
export class Redactor {
  /** Last key: the whole names that end with it. */
  readonly #names = new Map<string, string[][]>()
  /** Printed value: its mark. */
  readonly #marks = new Map<string, string>()
  readonly #knownTexts = new Map<string, string>()

  constructor(names: Iterable<string>) {
    for (const name of names) {
      const keys = name.split('.')
      const last = keys.at(-1) ?? ''
      this.#names.set(last, [...(this.#names.get(last) ?? []), keys])
    }
  }

  /** False: nothing is declared to be secret. */
  get active(): boolean {
    return this.#names.size > 0
  }

  /** A value without its secrets; the same value when it holds none. */
  value(value: JsonValue): JsonValue {
    return this.active ? this.#redact(value, []) : value
  }

  object(value: JsonObject): JsonObject {
    const redacted = this.value(value)
    return isObject(redacted) ? redacted : value
  }

  text(text: string): string {
    if (this.#knownTexts.size === 0) return text
    let masked = text
    for (const [secret, mark] of this.#knownTexts) masked = masked.replaceAll(secret, mark)
    return masked
  }

  /** The mark for a value that is secret by itself. */
  mark(secret: JsonValue): string {
    const printed = printCanonical(secret)
    const known = this.#marks.get(printed)
    if (known !== undefined) return known
    const mark = `${marker}${this.#marks.size + 1}]`
    this.#marks.set(printed, mark)
    for (const text of textsIn(secret)) {
      if (text.length >= leastKnownLength && !this.#knownTexts.has(text)) this.#knownTexts.set(text, mark)
    }
    return mark
  }

  #redact(value: JsonValue, path: string[]): JsonValue {
    if (typeof value === 'string') return this.text(value)
    if (isArray(value)) return this.#redactItems(value, path)
    return isObject(value) ? this.#redactEntries(value, path) : value
  }

  #redactItems(items: readonly JsonValue[], path: string[]): JsonValue {
    let changed = false
    const redacted = items.map((item) => {
      const without = this.#redact(item, path)
      changed ||= without !== item
      return without
    })
    return changed ? redacted : items
  }

  #redactEntries(entries: JsonObject, path: string[]): JsonValue {
    let redacted: Map<string, JsonValue> | null = null
    for (const [key, item] of entries) {
      path.push(key)
      const without = this.#isSecret(key, path, item) ? this.mark(item) : this.#redact(item, path)
      path.pop()
      if (without === item) continue
      redacted ??= new Map(entries)
      redacted.set(key, without)
    }
    return redacted ?? entries
  }

  #isSecret(key: string, path: readonly string[], item: JsonValue): boolean {
    const names = this.#names.get(key)
    if (names === undefined || item === null || item === '') return false
    if (isMark(item)) return false
    return names.some((keys) => keys.every((each, index) => path[path.length - keys.length + index] === each))
  }
}

/** Every text of a value, deep inside too; keys are no secrets. */
function* textsIn(value: JsonValue): Generator<string> {
  if (typeof value === 'string') yield value
  else if (isArray(value)) for (const item of value) yield* textsIn(item)
  else if (isObject(value)) for (const item of value.values()) yield* textsIn(item)
}

/** True for what stands in the place of a secret. */
export function isMark(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith(marker) && value.endsWith(']')
}

/** True when a secret was left out of a value: what depends on it cannot be computed again. */
export function holdsRedaction(value: JsonValue): boolean {
  if (typeof value === 'string') return value.includes(marker)
  if (isArray(value)) return value.some(holdsRedaction)
  if (!isObject(value)) return false
  for (const item of value.values()) if (holdsRedaction(item)) return true
  return false
}
