import { GuardhouseError } from '../../../shared/errors.ts'
import type { Template, Tuple, TupleValue } from '../../../shared/model/bus.ts'

/** Says whether a tuple is wanted. It must not change anything, and should be quick. */
export type TuplePredicate = (tuple: Tuple) => boolean

/** What a taker or reader wants, laid out for the indexes. */
export interface Matcher {
  /** Null: any lane, also none. */
  readonly lane: string | null
  readonly yool: string | null
  readonly id: string | null
  /** What the indexes cannot tell; null when they tell everything. May throw what the caller's predicate throws. */
  readonly accepts: TuplePredicate | null
  /** For people: the template, or the name of the predicate. */
  readonly text: string
}

export function compileMatcher(wanted: Template | TuplePredicate): Matcher {
  if (typeof wanted === 'function') {
    return { lane: null, yool: null, id: null, accepts: wanted, text: `predicate ${wanted.name || '(unnamed)'}` }
  }
  if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted)) {
    throw new GuardhouseError('bad-request', 'a template is an object of fields', {
      hint: 'Give the fields that the tuple must have, such as { "lane": "work" }; {} matches every tuple.',
    })
  }
  const { lane, yool, id } = wanted
  const rest = restOf(wanted)
  return {
    lane: typeof lane === 'string' ? lane : null,
    yool: typeof yool === 'string' ? yool : null,
    id: typeof id === 'string' ? id : null,
    accepts: rest === null ? null : (tuple) => rest.every(([key, value]) => key in tuple && equal(tuple[key], value)),
    get text() {
      return describe(wanted)
    },
  }
}

/** The fields that no index tells of. */
function restOf(wanted: Template): (readonly [string, TupleValue])[] | null {
  let rest: (readonly [string, TupleValue])[] | null = null
  for (const key in wanted) {
    const value = wanted[key]
    const indexed = (key === 'lane' || key === 'yool' || key === 'id') && typeof value === 'string'
    if (indexed || value === undefined) continue
    rest ??= []
    rest.push([key, value])
  }
  return rest
}

/** Whether the matcher wants this tuple. Throws what the caller's predicate throws. */
export function matches(matcher: Matcher, tuple: Tuple): boolean {
  if (matcher.lane !== null && tuple.lane !== matcher.lane) return false
  if (matcher.yool !== null && tuple.yool !== matcher.yool) return false
  if (matcher.id !== null && tuple.id !== matcher.id) return false
  return matcher.accepts === null || matcher.accepts(tuple)
}

function describe(template: Template): string {
  const text = JSON.stringify(template, (_key, value) => (typeof value === 'bigint' ? String(value) : value))
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}

function equal(left: TupleValue | undefined, right: TupleValue | undefined): boolean {
  if (left === right) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false
    return left.every((item, index) => equal(item, right[index]))
  }
  const one = left as { readonly [key: string]: TupleValue }
  const other = right as { readonly [key: string]: TupleValue }
  const keys = Object.keys(one)
  if (keys.length !== Object.keys(other).length) return false
  return keys.every((key) => Object.hasOwn(other, key) && equal(one[key], other[key]))
}
