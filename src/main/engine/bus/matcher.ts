import { GuardhouseError } from '../../../shared/errors.ts'
import type { Template, Tuple, TupleValue } from '../../../shared/model/bus.ts'
import { integer } from '../json/value.ts'

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
  /** The same as data, for stores in another thread or process; null for a predicate. */
  readonly template: Template | null
  /** For people: the template, or the name of the predicate. */
  readonly text: string
}

export function compileMatcher(wanted: Template | TuplePredicate): Matcher {
  if (typeof wanted === 'function') {
    const text = `predicate ${wanted.name || '(unnamed)'}`
    return { lane: null, yool: null, id: null, accepts: wanted, template: null, text }
  }
  if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted)) {
    throw new GuardhouseError('bad-request', 'a template is an object of fields', {
      hint: 'Give the fields that the tuple must have, such as { "lane": "work" }; {} matches every tuple.',
    })
  }
  return new TemplateMatcher(wanted)
}

/** A class, because one is made for every take: its shape is known at once and its text made only for whoever looks at it. */
class TemplateMatcher implements Matcher {
  readonly lane: string | null
  readonly yool: string | null
  readonly id: string | null
  readonly accepts: TuplePredicate | null
  readonly template: Template

  constructor(template: Template) {
    const { lane, yool, id } = template
    this.lane = typeof lane === 'string' ? lane : null
    this.yool = typeof yool === 'string' ? yool : null
    this.id = typeof id === 'string' ? id : null
    const rest = restOf(template)
    this.accepts = rest === null ? null : acceptsAll(rest)
    this.template = template
  }

  get text(): string {
    return describe(this.template)
  }
}

/** The same, of one tuple only. */
export function narrowedTo(matcher: Matcher, id: string): Matcher {
  const { lane, yool, accepts, template } = matcher
  return { lane, yool, id, accepts, template: template === null ? null : { ...template, id }, text: id }
}

type FieldValue = readonly [string, TupleValue]

function acceptsAll(fields: readonly FieldValue[]): TuplePredicate {
  return (tuple) => fields.every(([key, value]) => key in tuple && equal(tuple[key], value))
}

/** The fields that no index tells of. */
function restOf(wanted: Template): FieldValue[] | null {
  let rest: FieldValue[] | null = null
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
  // In a template a whole number may come as either type; in tuples every one has but one.
  if (typeof right === 'bigint') return left === integer(right)
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
