import { hash } from 'node:crypto'
import { GuardhouseError } from '../../../shared/errors.ts'
import type { Tuple, TupleValue } from '../../../shared/model/bus.ts'
import { integer } from '../json/value.ts'
import type { TupleClock } from './tuple-clock.ts'
import { canonicalText } from './tuple-text.ts'

const idKey = 'id'
const createdKey = 'created_at'
const longestId = 256

/** How large a tuple may be. */
export interface TupleLimits {
  /** Of its JSON text; more belongs into a file that the tuple names. */
  readonly characters: number
  /** Levels of objects and lists in each other. */
  readonly depth: number
}

export const tupleLimits: TupleLimits = { characters: 1 << 20, depth: 100 }

/** What stands around a tuple that was allowed, as in a dead letter, must not make it too large. */
export function wrappingLimits({ characters, depth }: TupleLimits): TupleLimits {
  return { characters: characters + (16 << 10), depth: depth + 2 }
}

/**
 * A frozen copy with an id and a time. The id is the SHA-256 of the canonical JSON of everything else, unless one is given.
 * Throws `bad-request` with the path of what JSON cannot say or of a cycle, `too-large` for too long a text.
 */
export function sealTuple(input: unknown, clock: TupleClock, { characters, depth } = tupleLimits): Tuple {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw bad('a tuple is an object of fields', 'Give an object such as { "lane": "work", "n": 1 }.')
  }
  const fields = copyFields(input, 'tuple', [], depth) as Record<string, TupleValue>
  refuseGiven(fields, createdKey)
  refuseGiven(fields, idKey)
  const given = fields.id !== undefined
  // The id stands before the time, as the original writes them.
  if (!given) fields.id = ''
  fields.created_at ??= clock.stamp()
  const text = canonicalText(fields, given ? undefined : idKey)
  checkSize(text.length, characters)
  if (!given) fields.id = `sha256:${hash('sha256', text, 'hex')}`
  return Object.freeze(fields) as Tuple
}

/** A frozen copy of fields of plain data. Throws `bad-request` with the path, below `name`, of what JSON cannot say or of a cycle. */
export function copyPlain(fields: object, name: string): { readonly [key: string]: TupleValue } {
  return Object.freeze(copyFields(fields, name, [], tupleLimits.depth)) as { readonly [key: string]: TupleValue }
}

function refuseGiven(fields: Record<string, TupleValue>, key: string): void {
  const value = fields[key]
  if (value === undefined) return
  if (typeof value !== 'string') throw bad(`the field ${key} of a tuple is a text; leave it out to have it made`)
  if (value.length === 0 || value.length > longestId) {
    throw bad(`the ${key} of a tuple has 1 to ${longestId} characters, not ${value.length}`)
  }
}

function checkSize(length: number, most: number): void {
  if (length <= most) return
  throw new GuardhouseError('too-large', `the tuple has ${length} characters of JSON, allowed are ${most}`, {
    hint: 'Put the data into a file or an artifact, and its name into the tuple.',
  })
}

function copyFields(value: object, path: string, above: object[], deepest: number): TupleValue {
  if (above.includes(value)) throw bad(`${path} is part of a cycle`, 'A tuple is a tree of plain data.')
  if (above.length >= deepest) throw tooDeep(path, deepest)
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) {
    throw bad(`${path} is a ${prototype.constructor?.name ?? 'special object'}, which JSON does not have`)
  }
  above.push(value)
  const copy: Record<string, TupleValue> = {}
  for (const key of Object.keys(value)) {
    const field = (value as Record<string, unknown>)[key]
    // As in JSON, a field that is undefined is not there.
    if (field === undefined) continue
    if (!key.isWellFormed()) throw bad(`${path} has a field whose name holds half of a surrogate pair`)
    if (key === '__proto__') throw bad(`${path} has a field __proto__`, 'Choose another name for it.')
    copy[key] = copyValue(field, path, key, above, deepest)
  }
  above.pop()
  return above.length === 0 ? copy : Object.freeze(copy)
}

function copyValue(value: unknown, path: string, key: string | number, above: object[], deepest: number): TupleValue {
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed()) throw bad(`${path}.${key} holds half of a surrogate pair`, 'Repair the text first.')
      return value
    case 'boolean':
      return value
    case 'bigint':
      // As every store gives it back.
      return integer(value)
    case 'number':
      if (!Number.isFinite(value)) throw bad(`${path}.${key} is ${value}, which JSON does not have`)
      return value === 0 ? 0 : value
    case 'object':
      if (value === null) return null
      if (Array.isArray(value)) return copyList(value, `${path}.${key}`, above, deepest)
      return copyFields(value, `${path}.${key}`, above, deepest)
    default:
      throw bad(`${path}.${key} is a ${typeof value}, which JSON does not have`)
  }
}

function copyList(list: readonly unknown[], path: string, above: object[], deepest: number): TupleValue {
  if (above.includes(list)) throw bad(`${path} is part of a cycle`, 'A tuple is a tree of plain data.')
  if (above.length >= deepest) throw tooDeep(path, deepest)
  above.push(list)
  // Not `map`, which leaves holes as they are.
  const copy = Array.from(list, (item, index) => copyValue(item, path, index, above, deepest))
  above.pop()
  return Object.freeze(copy)
}

/** The path is as long as the tuple is deep: its begin tells where to look. */
function tooDeep(path: string, deepest: number): GuardhouseError {
  const begin = path.length > 80 ? `${path.slice(0, 80)}…` : path
  return bad(`${begin} is nested deeper than ${deepest} levels`)
}

function bad(message: string, hint?: string): GuardhouseError {
  return new GuardhouseError('bad-request', message, { hint })
}
