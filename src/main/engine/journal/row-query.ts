import type { TokenFilter, TokenSort } from '../../../shared/contract/tokens.ts'
import { stateNumbers } from '../scheduler/token-table.ts'
import type { LiveMatches } from './reader-protocol.ts'
import { absent, type RowChunk, type RowColumns, rowsPerChunk } from './row-columns.ts'
import { ranked } from './row-rank.ts'

/** Which rows a search for text has found, beside those whose operation's name contains it. */
export interface TextMatch {
  /** By number of the chunk, 1 at the place of every row that was found. */
  readonly found: ReadonlyMap<number, Uint8Array>
  /** By index of the operation: 1 when its name contains the text. */
  readonly operations: Uint8Array
}

/** One question is answered at a time, and fresh memory of this size costs more than filling it. */
const scratches: Float64Array[] = []

function scratch(number: number, length: number): Float64Array {
  const known = scratches[number]
  if (known !== undefined && known.length >= length) return known
  const made = new Float64Array(Math.ceil(length * 1.25))
  scratches[number] = made
  return made
}

/** Sequences of the rows that match, newest first. They are good until the next question. */
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
  const named = text?.operations.includes(1) === true
  const found = scratch(0, columns.count)
  let count = 0
  for (const chunk of columns.newestFirst()) {
    const marks = text?.found.get(chunk.firstSequence / rowsPerChunk)
    if (text !== null && marks === undefined && !named) continue
    for (let at = rowsPerChunk - 1; at >= 0; at--) {
      const state = chunk.state[at] ?? absent
      if (state === absent || (states & (1 << state)) === 0) continue
      if (operations !== null && operations[chunk.operation[at] ?? 0] !== 1) continue
      if (cores !== null && cores[chunk.core[at] ?? 0] !== 1) continue
      if (parent !== null && chunk.parent[at] !== parent) continue
      if (!anyTime && !within(chunk, at, from, until)) continue
      if (text !== null && marks?.[at] !== 1 && text.operations[chunk.operation[at] ?? 0] !== 1) continue
      found[count++] = chunk.firstSequence + at
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
  if (sort.by === 'sequence' || live.keys === null) {
    return mergedBySequence(found, live.sequences, ascending, from, until)
  }
  const { sequences, keys } = keyed(columns, found, live, sort.by, ascending ? 1 : -1)
  return ranked(sequences, keys, from, until)
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

const columnOf = { operation: 'operation', state: 'state', core: 'core', waited: 'waited', ran: 'ran' } as const

/** Everything that matches, newest first, with what it is ordered by; keys rise in the direction asked for. */
function keyed(
  columns: RowColumns,
  found: Float64Array,
  live: LiveMatches,
  by: Exclude<TokenSort['by'], 'sequence'>,
  sign: number,
): { sequences: Float64Array; keys: Float64Array } {
  const names = by === 'operation' ? ranks(columns.operationNames, live.names) : null
  const tokens = Array.from(live.sequences.keys()).sort((a, b) => (live.sequences[b] ?? 0) - (live.sequences[a] ?? 0))
  const sequences = scratch(1, found.length + tokens.length)
  const keys = scratch(2, found.length + tokens.length)
  let chunk: RowChunk | null = null
  let column: ArrayLike<number> = keys
  let count = 0
  let next = 0
  const sequenceOfNext = () => (next < tokens.length ? (live.sequences[tokens[next] ?? 0] ?? 0) : 0)
  let nextSequence = sequenceOfNext()
  const takeToken = () => {
    const token = tokens[next++] ?? 0
    const key = live.keys?.[token] ?? 0
    sequences[count] = live.sequences[token] ?? 0
    keys[count++] = (names === null ? key : (names.live[key] ?? 0)) * sign
    nextSequence = sequenceOfNext()
  }
  // By index: the iterator of a typed array costs more than everything else here.
  for (let index = 0; index < found.length; index++) {
    const sequence = found[index] ?? 0
    while (nextSequence > sequence) takeToken()
    // Neighbours mostly lie in the same chunk.
    if (chunk === null || sequence < chunk.firstSequence) {
      chunk = columns.find(sequence)?.chunk ?? null
      if (chunk === null) continue
      column = chunk[columnOf[by]]
    }
    const key = column[sequence - chunk.firstSequence] ?? 0
    sequences[count] = sequence
    keys[count++] = (names === null ? key : (names.rows[key] ?? 0)) * sign
  }
  while (next < tokens.length) takeToken()
  return { sequences: sequences.subarray(0, count), keys: keys.subarray(0, count) }
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
