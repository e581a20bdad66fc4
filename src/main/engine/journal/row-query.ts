import type { TokenFilter, TokenSort } from '../../../shared/contract/tokens.ts'
import { stateNumbers } from '../scheduler/token-table.ts'
import type { LiveMatches } from './reader-protocol.ts'
import { absent, type RowChunk, type RowColumns, rowsPerChunk } from './row-columns.ts'

/** Which rows a search for text has found, beside those whose operation's name contains it. */
export interface TextMatch {
  has(sequence: number): boolean
  /** By index of the operation: 1 when its name contains the text. */
  readonly operations: Uint8Array
}

/** Sequences of the rows that match, newest first. */
export function matchRows(
  columns: RowColumns,
  filter: TokenFilter,
  parent: number | null,
  text: TextMatch | null,
): Float64Array {
  const states =
    filter.states === undefined ? 255 : filter.states.reduce((mask, name) => mask | (1 << stateNumbers[name]), 0)
  const operations =
    filter.operations === undefined
      ? null
      : maskOf(filter.operations.map((name) => columns.operationNames.indexOf(name)))
  const cores = filter.cores === undefined ? null : maskOf(filter.cores)
  const from = filter.acceptedFrom ?? Number.NEGATIVE_INFINITY
  const until = filter.acceptedUntil ?? Number.POSITIVE_INFINITY
  const anyTime = filter.acceptedFrom === undefined && filter.acceptedUntil === undefined
  const found = new Float64Array(columns.count)
  let count = 0
  for (const chunk of columns.newestFirst()) {
    for (let at = rowsPerChunk - 1; at >= 0; at--) {
      const state = chunk.state[at] ?? absent
      if (state === absent || (states & (1 << state)) === 0) continue
      if (operations !== null && operations[chunk.operation[at] ?? 0] !== 1) continue
      if (cores !== null && cores[chunk.core[at] ?? 0] !== 1) continue
      if (parent !== null && chunk.parent[at] !== parent) continue
      if (!anyTime && !within(chunk, at, from, until)) continue
      const sequence = chunk.firstSequence + at
      if (text !== null && text.operations[chunk.operation[at] ?? 0] !== 1 && !text.has(sequence)) continue
      found[count++] = sequence
    }
  }
  return found.subarray(0, count)
}

function within(chunk: RowChunk, at: number, from: number, until: number): boolean {
  const accepted = (chunk.epochWall[at] ?? 0) + (chunk.created[at] ?? 0) / 1000
  return accepted >= from && accepted < until
}

function maskOf(numbers: readonly number[]): Uint8Array {
  const mask = new Uint8Array(Math.max(0, ...numbers) + 1)
  for (const number of numbers) if (number >= 0) mask[number] = 1
  return mask
}

/**
 * The part of the order that one page shows, over rows of the journal and live tokens together: sequences, equals newest first.
 * `found` is newest first; `live` is in the order asked for.
 */
export function pageOf(
  columns: RowColumns,
  found: Float64Array,
  live: LiveMatches,
  sort: TokenSort,
  offset: number,
  limit: number,
): Float64Array {
  const total = found.length + live.sequences.length
  const from = Math.min(offset, total)
  const until = Math.min(offset + limit, total)
  const ascending = sort.direction === 'ascending'
  if (sort.by === 'sequence' || live.keys === null)
    return mergedBySequence(found, live.sequences, ascending, from, until)
  const keys = new Float64Array(total)
  const sequences = new Float64Array(total)
  const sign = ascending ? 1 : -1
  const names = sort.by === 'operation' ? ranks(columns.operationNames, live.names) : null
  fillKeys(columns, found, sort.by, names?.rows ?? null, keys)
  for (let index = 0; index < found.length; index++) keys[index] = (keys[index] ?? 0) * sign
  sequences.set(found)
  for (let index = 0; index < live.sequences.length; index++) {
    const key = live.keys[index] ?? 0
    keys[found.length + index] = (names === null ? key : (names.live[key] ?? 0)) * sign
  }
  sequences.set(live.sequences, found.length)
  return select(keys, sequences, from, until)
}

function mergedBySequence(
  found: Float64Array,
  live: Float64Array,
  ascending: boolean,
  from: number,
  until: number,
): Float64Array {
  const page = new Float64Array(until - from)
  let row = 0
  let token = 0
  for (let rank = 0; rank < until; rank++) {
    const a = row < found.length ? (found[ascending ? found.length - 1 - row : row] ?? 0) : Number.NaN
    const b = token < live.length ? (live[token] ?? 0) : Number.NaN
    const takesRow = Number.isNaN(b) || (ascending ? a < b : a > b)
    if (takesRow) row += 1
    else token += 1
    if (rank >= from) page[rank - from] = takesRow ? a : b
  }
  return page
}

function fillKeys(
  columns: RowColumns,
  found: Float64Array,
  by: Exclude<TokenSort['by'], 'sequence'>,
  names: readonly number[] | null,
  keys: Float64Array,
): void {
  for (let index = 0; index < found.length; index++) {
    const place = columns.find(found[index] ?? 0)
    if (place === null) continue
    keys[index] = keyOf(place.chunk, place.at, by, names)
  }
}

function keyOf(
  chunk: RowChunk,
  at: number,
  by: Exclude<TokenSort['by'], 'sequence'>,
  names: readonly number[] | null,
): number {
  switch (by) {
    case 'operation':
      return names?.[chunk.operation[at] ?? 0] ?? 0
    case 'state':
      return chunk.state[at] ?? 0
    case 'core':
      return chunk.core[at] ?? 0
    case 'waited':
      return chunk.waited[at] ?? 0
    case 'ran':
      return chunk.ran[at] ?? -1
  }
}

/** Places of all names in one alphabet. */
function ranks(rows: readonly string[], live: readonly string[]): { rows: number[]; live: number[] } {
  const order = new Map([...new Set([...rows, ...live])].sort(byCode).map((name, rank) => [name, rank]))
  const rankOf = (name: string) => order.get(name) ?? 0
  return { rows: rows.map(rankOf), live: live.map(rankOf) }
}

function byCode(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Sequences of the ranks `from` to `until`, by key, then newest first: quickselect puts them in place, and only they are sorted. */
function select(keys: Float64Array, sequences: Float64Array, from: number, until: number): Float64Array {
  const order = new Uint32Array(keys.length)
  for (let index = 0; index < order.length; index++) order[index] = index
  const before = (a: number, b: number) => {
    const difference = (keys[a] ?? 0) - (keys[b] ?? 0)
    return difference !== 0 ? difference : (sequences[b] ?? 0) - (sequences[a] ?? 0)
  }
  if (from > 0) partition(order, 0, order.length - 1, from, before)
  if (until < order.length) partition(order, from, order.length - 1, until, before)
  const page = order.subarray(from, until).sort(before)
  return Float64Array.from(page, (index) => sequences[index] ?? 0)
}

/** Hoare's selection: afterwards the smallest `rank` of the range lie before it. */
function partition(
  order: Uint32Array,
  first: number,
  last: number,
  rank: number,
  before: (a: number, b: number) => number,
): void {
  let low = first
  let high = last
  while (low < high) {
    const pivot = order[(low + high) >> 1] ?? 0
    let left = low
    let right = high
    while (left <= right) {
      while (before(order[left] ?? 0, pivot) < 0) left += 1
      while (before(order[right] ?? 0, pivot) > 0) right -= 1
      if (left > right) break
      const swapped = order[left] ?? 0
      order[left] = order[right] ?? 0
      order[right] = swapped
      left += 1
      right -= 1
    }
    if (rank <= right) high = right
    else if (rank >= left) low = left
    else return
  }
}
