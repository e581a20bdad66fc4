import type { JsonValue } from '../../json/value.ts'
import { isArray, isObject } from '../../json/value.ts'
import type { EvidenceRecord, StepRecord } from '../evidence/evidence-record.ts'
import { compareValues, type FieldDifference, shownValue } from '../replay/compare-records.ts'
import type { Visit, VisitedRun } from './run-visits.ts'

/** Why one of two runs came to what it came to at the place where they part, in one sentence. */
export function causeOf(
  record: EvidenceRecord | null,
  other: EvidenceRecord | null,
  difference: FieldDifference,
  value: JsonValue,
  { run, visits }: VisitedRun,
): string {
  if (record === null) return 'the run does not come here'
  switch (record.kind) {
    case 'run':
      return 'the run was given this'
    case 'enter':
      if (!difference.field.startsWith('inputs')) return leadingEdge(record.visit, visits)
      return originOf(value, run.payload, visits, record.visit, 0)
    case 'step':
      if (difference.field.startsWith('inputs')) return originOf(value, run.payload, visits, record.visit, record.step)
      return resultCause(record, other)
    case 'leave': {
      const last = visits.find(({ enter }) => enter.visit === record.visit)?.steps.at(-1)
      if (difference.field.startsWith('to'))
        return `its tables lead from ${record.status} to ${record.to.join(', ') || 'the end'}`
      return last === undefined
        ? `it answers ${record.status}`
        : `its last step, ${nameOf(last)}, answers ${last.outcome}`
    }
    case 'end':
      return record.error ?? `it ends with ${record.status}`
  }
}

/** Both runs gave the step the same. */
function resultCause(step: StepRecord, other: EvidenceRecord | null): string {
  if (other?.kind === 'step') {
    if (differs(step.clock, other.clock))
      return `it read the clock at ${step.clock.map(asTime).join(', ') || 'no time'}`
    if (differs(step.entropy, other.entropy))
      return `it drew the random bytes ${step.entropy.join(', ') || 'of nobody'}`
  }
  if (step.failure !== null) return step.failure
  return step.operation === null
    ? 'the transform, or the program that calls it, gives this for the same inputs'
    : `what is stored answers so to ${step.operation}`
}

/** Where a value came from: the payload, or the nearest step before that gave it. */
function originOf(value: JsonValue, payload: JsonValue, visits: readonly Visit[], visit: number, step: number): string {
  const before = visits.filter(({ enter }) => enter.visit <= visit)
  for (const { enter, steps } of before.toReversed()) {
    for (const each of steps.toReversed()) {
      if (enter.visit === visit && each.step >= step) continue
      const path = placeIn(each.output, value, 'output') ?? placeIn(each.answer, value, 'answer')
      if (path !== null) return `it stands in ${path} of ${nameOf(each)} in ${enter.node.id}`
    }
  }
  const given = placeIn(payload, value, 'payload')
  return given === null ? `its tables say ${shownValue(value)}` : `it stands in ${given}`
}

function leadingEdge(visit: number, visits: readonly Visit[]): string {
  const from = visits.find(({ enter }) => enter.visit === visit - 1)
  if (from?.leave === undefined || from.leave === null) return 'it starts there'
  return `${from.enter.node.id} answered ${from.leave.status}`
}

/** The path at which a value stands in another one; null: nowhere. */
function placeIn(whole: JsonValue, wanted: JsonValue, path: string): string | null {
  if (wanted === null) return null
  if (compareValues(whole, wanted, '') === null) return path
  const inner: Iterable<readonly [string, JsonValue]> = isObject(whole)
    ? [...whole].map(([key, item]) => [`.${key}`, item] as const)
    : isArray(whole)
      ? whole.map((item, index) => [`[${index}]`, item] as const)
      : []
  for (const [key, item] of inner) {
    const found = placeIn(item, wanted, path + key)
    if (found !== null) return found
  }
  return null
}

function nameOf({ id, name, operation }: StepRecord): string {
  return `step ${id === '' ? name : `"${id}"`}${operation === null ? '' : ` (${operation})`}`
}

function differs(left: readonly (string | number)[], right: readonly (string | number)[]): boolean {
  return left.join() !== right.join()
}

function asTime(microseconds: number): string {
  return new Date(Math.floor(microseconds / 1000)).toISOString()
}
