import { GuardhouseError } from '../../../../shared/errors.ts'
import type { PayloadField, SealedGraph } from '../../../../shared/model/workflow-graph.ts'
import { suggestion } from './suggestion.ts'

/**
 * A payload as a workflow declares it, with what was left out filled in. Throws `bad-request` that names the first field
 * that is wrong. Without a declaration any object is taken.
 */
export function completePayload(
  { name, payload: fields }: Pick<SealedGraph, 'name' | 'payload'>,
  payload: unknown,
): Readonly<Record<string, unknown>> {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) {
    throw refused(`the payload of ${name} must be an object`, null)
  }
  if (fields === null) return payload as Record<string, unknown>
  const given = new Map(Object.entries(payload))
  for (const key of given.keys()) requireKnown(name, fields, key)
  for (const field of fields) {
    const value = given.get(field.name)
    if (value !== undefined) requireFit(name, field, value)
    else if (field.default !== undefined) given.set(field.name, field.default)
    else if (field.required) throw refused(`the payload of ${name} lacks ${field.name}`, field.description)
  }
  return Object.fromEntries(given)
}

/** What is wrong with a value, as the rest of a sentence; null when nothing is. */
export function fieldProblem({ type, choices }: PayloadField, value: unknown): string | null {
  if (!isOfType(type, value)) return `must be of type ${type}, not ${JSON.stringify(value)}`
  if (choices === null || choices.includes(String(value))) return null
  return `must be one of ${choices.join(', ')}, not ${JSON.stringify(value)}`
}

function isOfType(type: PayloadField['type'], value: unknown): boolean {
  switch (type) {
    case 'any':
      return true
    case 'text':
      return typeof value === 'string'
    case 'number':
      return typeof value === 'number'
    case 'integer':
      return Number.isInteger(value)
    case 'boolean':
      return typeof value === 'boolean'
    case 'list':
      return Array.isArray(value)
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
  }
}

function requireKnown(name: string, fields: readonly PayloadField[], key: string): void {
  const known = fields.map((field) => field.name)
  if (known.includes(key)) return
  throw refused(`the payload of ${name} has no field "${key}"`, suggestion(key, known))
}

function requireFit(name: string, field: PayloadField, value: unknown): void {
  const problem = fieldProblem(field, value)
  if (problem !== null) throw refused(`payload field ${field.name} of ${name} ${problem}`, field.description)
}

function refused(message: string, hint: string | null): GuardhouseError {
  return new GuardhouseError('bad-request', message, hint === null ? {} : { hint })
}
