import { decodeValue } from '../../../shared/contract/values.ts'
import { GuardhouseError } from '../../../shared/errors.ts'
import { findJsonProblem, positionOf } from './json-problem.ts'

/** What is wrong with a text that a person typed, and where. */
export interface TypedProblem {
  readonly message: string
  /** 0-based offset at which it shows. */
  readonly offset: number
}

export type TypedValue = { readonly value: unknown } | { readonly problem: TypedProblem }

/** Most arguments that a call can have, as the contract says. */
const mostArguments = 64

/** One argument typed as JSON, in the encoding of contract/values.ts. Nothing typed is an argument not given. */
export function readArgument(text: string): TypedValue {
  if (text.trim() === '') return { value: { $type: 'undefined' } }
  const problem = findJsonProblem(text)
  if (problem !== null) return { problem }
  const value: unknown = JSON.parse(text)
  try {
    decodeValue(value)
  } catch (error) {
    // Only what has a $type can fail here: JSON itself was found to be right.
    if (!(error instanceof GuardhouseError)) throw error
    return { problem: { message: sentence(error.message), offset: Math.max(0, text.indexOf('"$type"')) } }
  }
  return { value }
}

/** All arguments typed as one JSON list. Nothing typed is a call without arguments. */
export function readArgumentList(text: string): TypedValue {
  if (text.trim() === '') return { value: [] }
  const read = readArgument(text)
  if ('problem' in read) return read
  const offset = text.length - text.trimStart().length
  if (!Array.isArray(read.value)) {
    return { problem: { message: 'The arguments are one list: put them between [ and ].', offset } }
  }
  if (read.value.length > mostArguments) {
    return {
      problem: { message: `A call has at most ${mostArguments} arguments, this has ${read.value.length}.`, offset },
    }
  }
  return read
}

/** Arguments typed one by one as one call: those at the end that were left empty are not given. */
export function joinArguments(values: readonly unknown[]): unknown[] {
  return values.slice(0, values.findLastIndex((value) => !isNotGiven(value)) + 1)
}

function isNotGiven(value: unknown): boolean {
  return typeof value === 'object' && value !== null && '$type' in value && value.$type === 'undefined'
}

/** The problem with its place in words, and the line it is on with the place marked. */
export function describeProblem(
  text: string,
  { message, offset }: TypedProblem,
): { readonly message: string; readonly line: string; readonly column: number } {
  const { line, column } = positionOf(text, offset)
  const place = text.includes('\n') ? `Line ${line}, column ${column}` : `Column ${column}`
  return { message: `${place}: ${message}`, line: text.split('\n')[line - 1] ?? '', column }
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
