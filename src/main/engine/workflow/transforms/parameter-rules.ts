import { describeValue, isTruthy, typeName } from '../../json/describe.ts'
import { equals } from '../../json/equality.ts'
import { readFloat } from '../../json/integer-text.ts'
import { isArray, isNumber, isObject, type JsonObject, type JsonValue, object, toDouble } from '../../json/value.ts'
import { required } from './inputs.ts'
import { defineTransform, TransformError } from './transform.ts'

/** Whether parameters keep to rules, with the first rule that fails. */
export const validateParameterRules = defineTransform('CT_PURE_VALIDATE_PARAMETER_RULES_V0', (inputs) => {
  const failed = firstFailedRule(inputs)
  return object({ valid: failed === null, failed_rule: failed })
})

/** As `validateParameterRules`, but a rule that fails is an error. */
export const requireParameterRules = defineTransform('CT_PURE_VALIDATE_PARAMETER_RULES_V0', (inputs) => {
  const failed = firstFailedRule(inputs)
  if (failed === null) return object({ valid: true, failed_rule: null })
  throw new TransformError(`rule failed: ${describeValue(failed)}`)
})

/** Rules that are no objects, or have no field or operation, are passed over. */
function firstFailedRule(inputs: JsonObject): JsonObject | null {
  const parameters = required(inputs, 'parameters')
  const rules = required(inputs, 'rules')
  if (!isObject(parameters)) throw new TransformError(`parameters must be object, got ${typeName(parameters)}`)
  if (!isArray(rules)) throw new TransformError(`rules must be list, got ${typeName(rules)}`)
  for (const rule of rules) {
    if (!isObject(rule)) continue
    const field = rule.get('field')
    const operation = rule.get('op')
    if (!isTruthy(field) || !isTruthy(operation)) continue
    const value = typeof field === 'string' ? (parameters.get(field) ?? null) : null
    if (!holds(operation ?? null, value, rule)) return rule
  }
  return null
}

function holds(operation: JsonValue, value: JsonValue, rule: JsonObject): boolean {
  const wanted = rule.get('value') ?? null
  switch (operation) {
    case 'eq':
      return equals(value, wanted)
    case 'neq':
      return !equals(value, wanted)
    case 'in':
      return isIn(value, rule.get('allowed') ?? [])
    case 'not_null':
      return value !== null
    case 'lte':
      return compareAsDoubles(value, wanted, (a, b) => a <= b)
    case 'gte':
      return compareAsDoubles(value, wanted, (a, b) => a >= b)
    case 'lt':
      return compareAsDoubles(value, wanted, (a, b) => a < b)
    case 'gt':
      return compareAsDoubles(value, wanted, (a, b) => a > b)
    default:
      return false
  }
}

function isIn(value: JsonValue, allowed: JsonValue): boolean {
  if (!isArray(allowed)) throw new TransformError(`allowed must be list, got ${typeName(allowed)}`)
  return allowed.some((each) => equals(each, value))
}

/** False when either side cannot be read as a number. */
function compareAsDoubles(left: JsonValue, right: JsonValue, compare: (a: number, b: number) => boolean): boolean {
  const a = readDouble(left)
  const b = readDouble(right)
  return a !== null && b !== null && compare(a, b)
}

function readDouble(value: JsonValue): number | null {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (isNumber(value)) return toDouble(value)
  return typeof value === 'string' ? readFloat(value) : null
}
