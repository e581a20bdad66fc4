import { canonicalHash } from '../../json/canonical-hash.ts'
import { isObject, object } from '../../json/value.ts'
import { required, requiredText } from './inputs.ts'
import { defineTransform } from './transform.ts'

/** `<prefix>_` and the first 16 digits of the canonical hash of the data; what is no object is wrapped into one. */
export const generateId = defineTransform('CT_PURE_GENERATE_ID_V0', (inputs) => {
  const prefix = requiredText(inputs, 'prefix')
  const data = required(inputs, 'data')
  const hashed = isObject(data) ? data : object({ value: data })
  return object({ id: `${prefix}_${canonicalHash(hashed).slice(0, 16)}` })
})
