import type { z } from 'zod'
import { GuardhouseError } from '../../shared/errors.ts'

type Issue = z.core.$ZodIssue

/** Turns what zod found into one sentence that names the first wrong field: `arguments.0: expected string, received number`. */
export function inputError(method: string, issues: readonly Issue[]): GuardhouseError {
  const [first, ...others] = issues
  if (first === undefined) return new GuardhouseError('internal', `the input of ${method} was refused without a reason`)
  const more = others.length === 0 ? '' : `, and ${others.length} more like it`
  return new GuardhouseError('bad-request', `${describeIssue(first)}${more}`, {
    hint: `See the input of ${method} in the contract.`,
  })
}

/** One finding as a clause, with the path of the field before it. */
export function describeIssue(issue: Issue): string {
  const path = issue.path.map(String).join('.')
  return path === '' ? clauseOf(issue) : `${path}: ${clauseOf(issue)}`
}

function clauseOf(issue: Issue): string {
  if (issue.message.endsWith('received undefined')) return 'is missing'
  if (issue.code === 'invalid_value') return `must be ${issue.values.map(quote).join(' or ')}`
  if (issue.code === 'unrecognized_keys') return `has no field ${issue.keys.map(quote).join(' nor ')}`
  const text = issue.message.replace(/^(Invalid input|Too small|Too big|Invalid option): /, '')
  return text.charAt(0).toLowerCase() + text.slice(1)
}

function quote(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : String(value)
}
