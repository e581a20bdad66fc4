import { typeName } from '../../json/describe.ts'
import {
  emptyObject,
  isArray,
  isNumber,
  isObject,
  type JsonObject,
  type JsonValue,
  object,
  textAt,
} from '../../json/value.ts'
import { keysAfter, walkKeys } from '../paths/walk.ts'
import { required, requiredObject, requiredText } from './inputs.ts'
import { defineTransform, TransformError } from './transform.ts'

/** `fields` as a record; without it, all inputs as one. */
export const assembleRecord = defineTransform('CT_PURE_ASSEMBLE_RECORD_V0', (inputs) =>
  object({ record: inputs.has('fields') ? (inputs.get('fields') ?? null) : inputs }),
)

export const emit = defineTransform('CT_EXEC_EMIT_V0', (inputs) => object({ result: inputs.get('value') ?? null }))

/** The value itself, not wrapped. */
export const passThrough = defineTransform('CT_PURE_PASSTHROUGH_V0', (inputs) => inputs.get('value') ?? null)

/** The value at a dotted path; one of another type than wanted is an error, one that is missing is null. */
export const extract = defineTransform('CT_PURE_EXTRACT_V0', (inputs) => {
  const from = required(inputs, 'from')
  const path = requiredText(inputs, 'path')
  if (from === null) throw new TransformError("'from' cannot be None")
  const value = walkKeys(from, keysAfter(path, ''))
  const type = textAt(inputs, 'type')
  if (value !== null && type !== null && extractTypes[type]?.(value) === false) {
    throw new TransformError(`type mismatch at path '${path}': expected ${type}, got ${typeName(value)}`)
  }
  return object({ result: value })
})

const extractTypes: Readonly<Record<string, (value: JsonValue) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => isNumber(value) || typeof value === 'boolean',
  boolean: (value) => typeof value === 'boolean',
  object: (value) => isObject(value),
  array: (value) => isArray(value),
}

/** The answer of an HTTP ingress for the outcome of a run. */
export const mapResultToHttp = defineTransform('CT_PURE_MAP_RESULT_TO_HTTP_V0', (inputs) => {
  const outcome = requiredObject(inputs, 'execution_result')
  const mapping = requiredObject(inputs, 'mapping')
  const status = outcome.get('status') ?? 'BACKEND_ERROR'
  const resultStatus = resultStatusOf(status, textAt(outcome, 'exit_reason_code'), mapping)
  const body = object({
    status,
    exit_reason_code: outcome.get('exit_reason_code') ?? null,
    trace_id: outcome.get('trace_id') ?? null,
    result_payload: outcome.get('result_payload') ?? emptyObject,
  })
  for (const name of ['error_code', 'message']) {
    const value = outcome.get(name)
    if (value !== undefined) body.set(name, value)
  }
  return object({
    http_status: mapping.get(resultStatus) ?? 500,
    response_body: body,
    result_status: resultStatus,
  })
})

function resultStatusOf(status: JsonValue, exitReason: string | null, mapping: JsonObject): string {
  if (status === 'SUCCESS') return status
  if (exitReason?.startsWith('EXIT_')) return exitReason.slice('EXIT_'.length)
  return typeof status === 'string' && mapping.has(status) ? status : 'BACKEND_ERROR'
}
