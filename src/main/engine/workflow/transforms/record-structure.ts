import { describeBare, typeName } from '../../json/describe.ts'
import { compareNumbers } from '../../json/equality.ts'
import { readInteger } from '../../json/integer-text.ts'
import {
  isArray,
  isInteger,
  isNumber,
  isObject,
  JsonFloat,
  type JsonNumber,
  type JsonObject,
  type JsonValue,
  object,
} from '../../json/value.ts'
import { readHex } from './hex.ts'
import { requiredObject } from './inputs.ts'
import { defineTransform, TransformError } from './transform.ts'

/** Checks a record against a schema of fields and lists every violation; bad data is never an error here. */
export const validateRecordStructure = defineTransform('CT_PURE_VALIDATE_RECORD_STRUCTURE_V0', (inputs) => {
  const record = requiredObject(inputs, 'record')
  const schema = requiredObject(inputs, 'schema')
  const violations: JsonValue[] = []
  for (const [field, rules] of schema) {
    if (!isObject(rules)) throw new TransformError(`rules of field '${field}' must be object, got ${typeName(rules)}`)
    for (const [rule, problem] of checkField(field, record, rules)) {
      violations.push(object({ field, rule, message: `Field '${field}' ${problem}` }))
    }
  }
  return object({ violations })
})

type Violation = readonly [rule: string, problem: string]

/** A value that is missing or of a wrong type is not looked at further. */
function* checkField(field: string, record: JsonObject, rules: JsonObject): Iterable<Violation> {
  const value = record.get(field) ?? null
  if (rules.get('required') === true && (value === null || value === '')) {
    yield ['required', 'is required']
    return
  }
  if (value === null) return
  const type = rules.get('type') ?? null
  if (typeof type === 'string' && typeChecks[type]?.(value) === false) {
    yield ['type', `must be ${type}, got ${typeName(value)}`]
    return
  }
  yield* checkPattern(value, rules)
  yield* checkRange(value, rules)
  yield* checkLength(value, rules)
  yield* checkOtherField(value, record, rules)
}

const typeChecks: Readonly<Record<string, (value: JsonValue) => boolean>> = {
  string: (value) => typeof value === 'string',
  integer: (value) => isInteger(value),
  number: (value) => isNumber(value),
  boolean: (value) => typeof value === 'boolean',
  object: (value) => isObject(value),
  array: (value) => isArray(value),
  integer_string: (value) => typeof value === 'string' && readInteger(value) !== null,
  hex_string: (value) => typeof value === 'string' && /^0[xX]/.test(value) && readHex(value.slice(2)) !== null,
}

function* checkPattern(value: JsonValue, rules: JsonObject): Iterable<Violation> {
  const pattern = rules.get('pattern')
  if (typeof pattern !== 'string' || typeof value !== 'string') return
  if (!wholePattern(pattern).test(value)) yield ['pattern', `does not match pattern '${pattern}'`]
}

/** The pattern has to match the whole text. Names of groups and anchors are written differently in the reference's dialect. */
function wholePattern(pattern: string): RegExp {
  const ours = pattern.replaceAll('(?P<', '(?<').replaceAll('\\A', '^').replaceAll('\\Z', '$')
  return new RegExp(`^(?:${ours})$`)
}

function* checkRange(value: JsonValue, rules: JsonObject): Iterable<Violation> {
  const number = readNumber(value)
  if (number === null) return
  const least = readNumber(rules.get('min_value') ?? null)
  if (least !== null && compareNumbers(number, least) < 0) {
    yield ['min_value', `must be >= ${describeBare(least)}, got ${describeBare(value)}`]
  }
  const most = readNumber(rules.get('max_value') ?? null)
  if (most !== null && compareNumbers(number, most) > 0) {
    yield ['max_value', `must be <= ${describeBare(most)}, got ${describeBare(value)}`]
  }
}

function* checkLength(value: JsonValue, rules: JsonObject): Iterable<Violation> {
  if (typeof value !== 'string') return
  const length = [...value].length
  const least = rules.get('min_length') ?? null
  if (isNumber(least) && compareNumbers(length, least) < 0) {
    yield ['min_length', `must be at least ${describeBare(least)} characters`]
  }
  const most = rules.get('max_length') ?? null
  if (isNumber(most) && compareNumbers(length, most) > 0) {
    yield ['max_length', `must be at most ${describeBare(most)} characters`]
  }
}

function* checkOtherField(value: JsonValue, record: JsonObject, rules: JsonObject): Iterable<Violation> {
  const other = rules.get('lte_field')
  if (typeof other !== 'string') return
  const number = readNumber(value)
  const limit = readNumber(record.get(other) ?? null)
  if (number !== null && limit !== null && compareNumbers(number, limit) > 0) {
    yield ['lte_field', `must be <= field '${other}'`]
  }
}

/** A number, or the number a text stands for; booleans are none. */
function readNumber(value: JsonValue): JsonNumber | null {
  if (isNumber(value)) return value
  if (typeof value !== 'string') return null
  const whole = readInteger(value)
  if (whole !== null) return whole
  return /^\s*[+-]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?\s*$/.test(value) ? new JsonFloat(Number(value)) : null
}
