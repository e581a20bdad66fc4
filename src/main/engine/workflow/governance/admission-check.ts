import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { equals } from '../../json/equality.ts'
import { parseJson } from '../../json/parse.ts'
import { emptyObject, isArray, isObject, type JsonObject, type JsonValue, objectAt } from '../../json/value.ts'

/**
 * Why a workflow may not be entered by its admission block; null when it may. Events are the records in all `*.jsonl`
 * files below the data root; one matches when its code and every bound field are equal. Throws when the payload lacks a
 * field that a binding names.
 */
export function checkAdmission(admission: JsonObject, payload: JsonObject, dataRoot: string): string | null {
  const bindings = objectAt(admission, 'bindings') ?? emptyObject
  const has = (event: string): boolean => {
    const wanted = boundFields(event, objectAt(bindings, event) ?? emptyObject, payload)
    return recordsBelow(dataRoot).some((record) => matches(record, event, wanted))
  }
  for (const event of textsOf(admission.get('requires'))) if (!has(event)) return `requires ${event}`
  for (const event of textsOf(admission.get('forbids'))) if (has(event)) return `forbids ${event}`
  return null
}

/** Field of the event: the value that the payload gives it. */
function boundFields(event: string, binding: JsonObject, payload: JsonObject): [string, JsonValue][] {
  return [...binding].map(([field, source]) => {
    const value = typeof source === 'string' ? payload.get(source) : undefined
    if (value !== undefined) return [field, value]
    throw new Error(`Admission binding of '${event}' needs '${String(source)}', which the payload does not have`)
  })
}

function recordsBelow(dataRoot: string): JsonObject[] {
  if (!existsSync(dataRoot)) return []
  return readdirSync(dataRoot, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.jsonl'))
    .flatMap((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8').split('\n'))
    .filter((line) => line.trim() !== '')
    .map(parseJson)
    .map((line) => (isObject(line) ? line.get('record') : null))
    .filter((record) => isObject(record))
}

function matches(record: JsonObject, event: string, wanted: readonly [string, JsonValue][]): boolean {
  if (record.get('event_code') !== event && record.get('event_type') !== event) return false
  return wanted.every(([field, value]) => equals(record.get(field) ?? null, value))
}

function textsOf(value: JsonValue | undefined): string[] {
  return isArray(value) ? value.filter((each) => typeof each === 'string') : []
}
