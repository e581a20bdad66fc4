import { printCompact } from '../../json/print.ts'
import { isArray, isObject, JsonFloat, type JsonValue } from '../../json/value.ts'
import type { EvidenceKind, EvidenceRecord } from '../evidence/evidence-record.ts'
import { holdsRedaction } from '../secrets/redactor.ts'

/** Where two records of the same place differ first. */
export interface FieldDifference {
  /** Such as `output.id`. */
  readonly field: string
  /** Null: there is nothing of the kind. */
  readonly left: JsonValue
  readonly right: JsonValue
}

/**
 * What two records of a place have to agree on, in the order in which it comes about. Times, tokens and whereabouts are of
 * the one run alone.
 */
const comparedFields: Readonly<Record<EvidenceKind, readonly string[]>> = {
  run: ['workflow', 'domain', 'payload', 'payloadHash', 'turnedAway'],
  enter: ['visit', 'node', 'after', 'inputs'],
  step: [
    'visit',
    'step',
    'id',
    'name',
    'operation',
    'inputs',
    'clock',
    'entropy',
    'answer',
    'outcome',
    'failure',
    'output',
  ],
  leave: ['visit', 'status', 'output', 'to'],
  end: ['error', 'ending', 'status', 'output', 'visits', 'steps', 'trace'],
}

/** The first field that differs; null when none does. Fields in `skipped` are not looked at. */
export function compareRecords(
  left: EvidenceRecord,
  right: EvidenceRecord,
  skipped: readonly string[] = [],
): FieldDifference | null {
  if (left.kind !== right.kind) return { field: 'kind', left: left.kind, right: right.kind }
  const leftFields = new Map(Object.entries(left))
  const rightFields = new Map(Object.entries(right))
  for (const field of comparedFields[left.kind]) {
    if (skipped.includes(field)) continue
    const found = compareValues(asJson(leftFields.get(field)), asJson(rightFields.get(field)), field)
    if (found !== null) return found
  }
  return null
}

/**
 * The first place at which two values differ, to the letter: 1 and 1.0 are not the same, nor are two orders of keys. What a
 * secret was left out of is equal to everything.
 */
export function compareValues(left: JsonValue, right: JsonValue, path: string): FieldDifference | null {
  if (left === right || isLeftOut(left) || isLeftOut(right)) return null
  if (isObject(left) && isObject(right)) return compareObjects(left, right, path)
  if (isArray(left) && isArray(right)) return compareLists(left, right, path)
  if (left instanceof JsonFloat && right instanceof JsonFloat && Object.is(left.value, right.value)) return null
  return { field: path, left, right }
}

function compareObjects(
  left: ReadonlyMap<string, JsonValue>,
  right: ReadonlyMap<string, JsonValue>,
  path: string,
): FieldDifference | null {
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    const inner = `${path}.${key}`
    if (!left.has(key) || !right.has(key))
      return { field: inner, left: left.get(key) ?? null, right: right.get(key) ?? null }
    const found = compareValues(left.get(key) ?? null, right.get(key) ?? null, inner)
    if (found !== null) return found
  }
  const orders = [left, right].map((object) => [...object.keys()])
  const [leftKeys = [], rightKeys = []] = orders
  const moved = leftKeys.findIndex((key, index) => key !== rightKeys[index])
  return moved < 0 ? null : { field: `${path} (order of keys)`, left: leftKeys, right: rightKeys }
}

function compareLists(left: readonly JsonValue[], right: readonly JsonValue[], path: string): FieldDifference | null {
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const inner = `${path}[${index}]`
    const leftItem = left[index]
    const rightItem = right[index]
    if (leftItem === undefined || rightItem === undefined) {
      return { field: inner, left: leftItem ?? null, right: rightItem ?? null }
    }
    const found = compareValues(leftItem, rightItem, inner)
    if (found !== null) return found
  }
  return null
}

function isLeftOut(value: JsonValue): boolean {
  return typeof value === 'string' && holdsRedaction(value)
}

/** Fields of records are JSON already, except for names and settings, which are plain objects. */
function asJson(value: unknown): JsonValue {
  if (value === undefined || value === null) return null
  if (typeof value !== 'object' || value instanceof JsonFloat || value instanceof Map || Array.isArray(value)) {
    return value as JsonValue
  }
  return new Map(Object.entries(value).map(([key, item]) => [key, asJson(item)]))
}

/** A value for a sentence, cut to a length that can be read. */
export function shownValue(value: JsonValue): string {
  const printed = printCompact(value)
  return printed.length > 120 ? `${printed.slice(0, 117)}...` : printed
}
