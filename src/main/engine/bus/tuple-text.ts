import type { TupleValue } from '../../../shared/model/bus.ts'
import { floatText } from '../json/float-text.ts'
import { compareCodePoints } from '../json/print.ts'

/** Tuples as JSON: what is hashed, stored and logged. Whole numbers print as integers, others as the original prints floats. */

type Fields = { readonly [key: string]: TupleValue }

function isList(value: TupleValue): value is readonly TupleValue[] {
  return Array.isArray(value)
}

interface SortedKey {
  readonly key: string
  readonly literal: string
}

/** Most tuples have the same few fields: their order and literals are worked out once. */
const layouts = new Map<string, readonly SortedKey[]>()
const layoutsKept = 4096

function sortedKeys(value: Fields): readonly SortedKey[] {
  const keys = Object.keys(value)
  // With their number, so that no key which is empty or holds the separator looks like several, or like none.
  const shape = `${keys.length}\u0000${keys.join('\u0000')}`
  const known = layouts.get(shape)
  if (known !== undefined) return known
  const layout = keys.sort(compareCodePoints).map((key) => ({ key, literal: `${JSON.stringify(key)}:` }))
  if (layouts.size >= layoutsKept) layouts.clear()
  if (!keys.some((key) => key.includes('\u0000'))) layouts.set(shape, layout)
  return layout
}

function scalarText(value: TupleValue): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return String(value)
  return floatText(value)
}

/** Keys sorted by code point, no blanks, raw Unicode; the field `without` of the outermost object is left out. */
export function canonicalText(value: TupleValue, without?: string): string {
  if (typeof value !== 'object' || value === null) return scalarText(value)
  if (isList(value)) {
    let text = '['
    for (let index = 0; index < value.length; index++) {
      text += (index === 0 ? '' : ',') + canonicalText(value[index] as TupleValue)
    }
    return `${text}]`
  }
  let text = '{'
  let separator = ''
  for (const { key, literal } of sortedKeys(value)) {
    if (key === without) continue
    text += separator + literal + canonicalText(value[key] as TupleValue)
    separator = ','
  }
  return `${text}}`
}

/** Keys as they are, comma-space and colon-space, raw Unicode: the original's log. */
export function spacedText(value: TupleValue): string {
  if (typeof value !== 'object' || value === null) return scalarText(value)
  if (isList(value)) return `[${value.map(spacedText).join(', ')}]`
  let text = '{'
  let separator = ''
  for (const key in value) {
    text += `${separator}${JSON.stringify(key)}: ${spacedText(value[key] as TupleValue)}`
    separator = ', '
  }
  return `${text}}`
}
