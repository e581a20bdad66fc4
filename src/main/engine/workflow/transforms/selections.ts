import { describeValue, typeName } from '../../json/describe.ts'
import { equals } from '../../json/equality.ts'
import { isObject, type JsonObject, type JsonValue, object } from '../../json/value.ts'
import { required, requiredList, requiredObject } from './inputs.ts'
import { defineTransform, TransformError } from './transform.ts'

/** The value under a key of a map. */
export const lookup = defineTransform('CT_PURE_LOOKUP_V0', (inputs) => object({ result: lookUp(inputs) }))

/** As `lookup`, also saying that it went well. */
export const lookupWithStatus = defineTransform('CT_PURE_LOOKUP_V0', (inputs) =>
  object({ result: lookUp(inputs), result_status: 'SUCCESS' }),
)

/** Whether a value is one of a list. */
export const validateSetMembership = defineTransform('CT_PURE_VALIDATE_SET_MEMBERSHIP_V0', (inputs) =>
  object({ is_member: isMember(inputs) }),
)

/** As `validateSetMembership`, but a value that is not in the list is an error. */
export const requireSetMembership = defineTransform('CT_PURE_VALIDATE_SET_MEMBERSHIP_V0', (inputs) => {
  if (isMember(inputs)) return object({ is_member: true })
  throw new TransformError(`value ${describeValue(inputs.get('value') ?? null)} is not in allowed_set`)
})

/** The records that meet every criterion: `"present"` asks for a field that is not null, anything else for equality. */
export const filterRecords = defineTransform('CT_PURE_FILTER_RECORDS_V0', (inputs) => {
  const source = requiredList(inputs, 'source')
  const filter = requiredObject(inputs, 'filter')
  const extracted = source.filter((record) => isObject(record) && meets(record, filter))
  if (extracted.length === 0) throw new TransformError('no record matches the filter')
  return object({ extracted })
})

export const compareEqual = defineTransform('CT_PURE_COMPARE_EQUAL_V0', (inputs) =>
  object({ is_equal: equals(inputs.get('left') ?? null, inputs.get('right') ?? null) }),
)

function lookUp(inputs: JsonObject): JsonValue {
  const key = required(inputs, 'key')
  const map = required(inputs, 'map')
  if (!isObject(map)) throw new TransformError(`map must be object, got ${typeName(map)}`)
  const found = typeof key === 'string' ? map.get(key) : undefined
  if (found === undefined) throw new TransformError(`key ${describeValue(key)} not found in map`)
  return found
}

function isMember(inputs: JsonObject): boolean {
  const value = inputs.get('value') ?? null
  return requiredList(inputs, 'allowed_set').some((allowed) => equals(allowed, value))
}

function meets(record: JsonObject, filter: JsonObject): boolean {
  for (const [field, wanted] of filter) {
    const value = record.get(field) ?? null
    if (wanted === 'present' ? value === null : !equals(value, wanted)) return false
  }
  return true
}
