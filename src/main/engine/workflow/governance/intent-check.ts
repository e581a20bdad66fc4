import { equals } from '../../json/equality.ts'
import { emptyObject, isArray, isObject, type JsonObject, type JsonValue, objectAt } from '../../json/value.ts'

/**
 * What is wrong with a payload by the inputs that an intent declares; null when nothing is. The rules are those of the
 * engine before the one whose traces we write: required, type string and object, enum, and one level of fields.
 */
export function checkIntent(intent: JsonObject, payload: JsonObject): string | null {
  for (const [name, rules] of objectAt(intent, 'inputs') ?? []) {
    if (!isObject(rules)) continue
    const value = payload.get(name) ?? null
    const problem = checkValue(value, rules)
    if (problem !== null) return `'${name}' ${problem}`
  }
  return null
}

function checkValue(value: JsonValue, rules: JsonObject): string | null {
  if (value === null) return rules.get('required') === true ? 'is missing' : null
  const type = rules.get('type')
  if (type === 'string' && typeof value !== 'string') return 'has to be a text'
  if (type === 'object' && !isObject(value)) return 'has to be an object'
  const allowed = rules.get('enum')
  if (isArray(allowed) && !allowed.some((each) => equals(each, value))) return 'is none of the allowed values'
  return isObject(value) ? checkFields(value, objectAt(rules, 'fields') ?? emptyObject) : null
}

function checkFields(value: JsonObject, fields: JsonObject): string | null {
  for (const [name, rules] of fields) {
    if (!isObject(rules)) continue
    const field = value.get(name) ?? null
    if (field === null || field === '') {
      if (rules.get('required') === true) return `lacks '${name}'`
      continue
    }
    if (rules.get('type') === 'string' && typeof field !== 'string') return `has a '${name}' that is no text`
    if (rules.get('format') === 'email' && !isEmail(field)) return `has a '${name}' that is no mail address`
  }
  return null
}

/** `x@y.tld`. */
function isEmail(value: JsonValue): boolean {
  return typeof value === 'string' && /^[^@\s]+@[^@\s]+\.[^@\s.]+$/.test(value)
}
