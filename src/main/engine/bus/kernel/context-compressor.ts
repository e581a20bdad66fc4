import { hash } from 'node:crypto'
import type { TupleValue } from '../../../../shared/model/bus.ts'

const marker = '\n...[compressed]...\n'
const encoding = 'sha256+head_tail'

/** What stands in the place of a long text. */
export interface CompressedText {
  readonly [key: string]: TupleValue
  readonly compressed: true
  readonly encoding: typeof encoding
  /** SHA-256 of the UTF-8 text, by which the whole is found again. */
  readonly digest: string
  /** Code points of the whole. */
  readonly original_chars: number
  /** Its first half of the limit and its last quarter. */
  readonly preview: string
}

export interface CompressedContext<Value extends TupleValue> {
  readonly value: Value
  /** Whole texts by their digest. */
  readonly originals: ReadonlyMap<string, string>
}

/**
 * Every text of more than `limit` code points, at least 64, in objects and lists becomes its digest and a preview; a text that
 * would not get shorter stays as it is, and so does what was compressed before. The value given is left as it is.
 */
export function compressContext<Value extends TupleValue>(value: Value, limit: number): CompressedContext<Value> {
  const originals = new Map<string, string>()
  return { value: compress(value, limit, originals) as Value, originals }
}

function compress(value: TupleValue, limit: number, originals: Map<string, string>): TupleValue {
  if (typeof value === 'string') return compressText(value, limit, originals)
  if (typeof value !== 'object' || value === null) return value
  if (isList(value)) return value.map((item) => compress(item, limit, originals))
  if (value.compressed === true && value.encoding === encoding) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, compress(item, limit, originals)]))
}

function compressText(text: string, limit: number, originals: Map<string, string>): TupleValue {
  // There are never more code points than UTF-16 units.
  if (text.length <= limit) return text
  const points = [...text]
  if (points.length <= limit) return text
  const head = points.slice(0, Math.floor(limit / 2)).join('')
  const tail = points.slice(points.length - Math.ceil(limit / 4)).join('')
  const digest = hash('sha256', text, 'hex')
  const made: CompressedText = {
    ...{ compressed: true, encoding, digest, original_chars: points.length, preview: head + marker + tail },
  }
  if (JSON.stringify(made).length >= JSON.stringify(text).length) return text
  originals.set(digest, text)
  return made
}

function isList(value: TupleValue): value is readonly TupleValue[] {
  return Array.isArray(value)
}
