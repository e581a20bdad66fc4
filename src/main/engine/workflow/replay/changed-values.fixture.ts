import { JsonFloat } from '../../json/value.ts'
import type { EvidenceLines } from '../evidence/evidence-reader.ts'
import type { EvidenceRecord } from '../evidence/evidence-record.ts'

/** A record in which one value is another one, and where that stands, such as `answer.address`. */
export interface ChangedRecord {
  readonly place: string
  readonly record: EvidenceRecord
}

/** For tests: a record once for every value in the given fields, each time with that one changed. */
export function* changedOnce(record: EvidenceRecord, fields: readonly string[]): Generator<ChangedRecord> {
  const entries = new Map(Object.entries(record))
  for (const field of fields) {
    for (const [place, value] of changesOf(entries.get(field), field)) {
      yield { place, record: Object.fromEntries(new Map(entries).set(field, value)) as unknown as EvidenceRecord }
    }
  }
}

/** The same lines with another record in one of them; `genuine`: with all links made to fit. */
export function withRecord(
  lines: EvidenceLines,
  index: number,
  record: EvidenceRecord,
  genuine: boolean,
): EvidenceLines {
  const changed = [...lines.all()].map((line) => (line.index === index ? { ...line, record, genuine } : line))
  return inMemory(lines.path, changed)
}

/** The lines of an evidence without its file. */
export function inMemory(path: string, lines: readonly ReturnType<EvidenceLines['lines']>[number][]): EvidenceLines {
  return {
    path,
    length: lines.length,
    open: false,
    lines: (first, count) => lines.slice(first, first + count),
    all: () => lines,
  }
}

type Change = readonly [place: string, value: unknown]

function* changesOf(value: unknown, place: string): Generator<Change> {
  if (value instanceof JsonFloat) yield [place, new JsonFloat(value.value + 1)]
  else if (value instanceof Map) yield* changesInMap(value, place)
  else if (Array.isArray(value)) yield* changesInList(value, place)
  else if (typeof value === 'object' && value !== null) {
    const entries = new Map<string, unknown>(Object.entries(value))
    for (const [inner, changed] of changesInMap(entries, place)) {
      yield [inner, Object.fromEntries(changed as Map<string, unknown>)]
    }
  } else yield [place, changedScalar(value)]
}

function* changesInMap(map: ReadonlyMap<string, unknown>, place: string): Generator<Change> {
  yield [`${place}.(added)`, new Map(map).set('(added)', 1)]
  for (const [key, item] of map) {
    for (const [inner, changed] of changesOf(item, `${place}.${key}`)) yield [inner, new Map(map).set(key, changed)]
  }
}

function* changesInList(list: readonly unknown[], place: string): Generator<Change> {
  yield [`${place}[+]`, [...list, 'added']]
  for (const [index, item] of list.entries()) {
    for (const [inner, changed] of changesOf(item, `${place}[${index}]`)) yield [inner, list.with(index, changed)]
  }
}

function changedScalar(value: unknown): unknown {
  if (typeof value === 'number') return value + 1
  if (typeof value === 'bigint') return value + 1n
  if (typeof value === 'boolean') return !value
  return typeof value === 'string' ? `${value}~` : 'something'
}
