import type { TokenFilter, TokenPage, TokenRow, TokenSort } from '../../../shared/contract/tokens.ts'
import { tokenStates, weights } from '../../../shared/model/token.ts'
import { sequenceOf, tokenId } from '../../../shared/model/token-id.ts'
import { wallTime } from '../../../shared/time.ts'
import { previewOf } from './preview.ts'
import type { SchedulerState } from './scheduler-state.ts'
import { stateNumbers, tokenFlags } from './token-table.ts'

// Rows looked at between two turns of the event loop: the control thread has tokens to move meanwhile.
const rowsPerTurn = 10_000

/** Kept tokens that match, in the order asked for. */
export interface TokenMatches {
  readonly sequences: Float64Array
  /** What they are ordered by; null when that is the sequence. For an order by operation: indexes of operations. */
  readonly keys: Float64Array | null
}

/**
 * Looks at every kept token once, in pieces, so that a search over a full table does not hold up the scheduler; tokens that end
 * meanwhile are shown as they were when their piece was read, and those that have left the history meanwhile are left out.
 */
export async function matchTokens(state: SchedulerState, filter: TokenFilter, sort: TokenSort): Promise<TokenMatches> {
  const { table } = state
  const matches = makeMatcher(state, filter)
  const slots: number[] = []
  const sequences: number[] = []
  let seen = 0
  for (const slot of table.index.newestFirst(table.created)) {
    if (matches(slot)) {
      slots.push(slot)
      sequences.push(table.sequence[slot] ?? 0)
    }
    seen += 1
    if (seen % rowsPerTurn === 0 && filter.text !== undefined) await new Promise((resolve) => setImmediate(resolve))
  }
  // While the search took its turns, the oldest may have left the history and their slots may serve others.
  const found = slots.filter((slot, index) => table.sequence[slot] === sequences[index])
  const keys = order(state, found, sort)
  return {
    sequences: Float64Array.from(found, (slot) => table.sequence[slot] ?? 0),
    keys: keys === null ? null : Float64Array.from(found, (slot) => keys.get(slot) ?? 0),
  }
}

/** One page of the kept tokens. */
export async function queryTokens(
  state: SchedulerState,
  filter: TokenFilter,
  sort: TokenSort,
  offset: number,
  limit: number,
): Promise<TokenPage> {
  const { table } = state
  const { version } = table
  const { sequences } = await matchTokens(state, filter, sort)
  return {
    rows: rowsOf(state, sequences.subarray(offset, offset + limit)),
    matched: sequences.length,
    kept: table.kept,
    evicted: table.evicted,
    version,
    now: state.now(),
  }
}

/** Rows of tokens; those that are not kept any more are left out. */
export function rowsOf(state: SchedulerState, sequences: Iterable<number>): TokenRow[] {
  const now = state.now()
  const rows: TokenRow[] = []
  for (const sequence of sequences) {
    const slot = state.table.find(sequence)
    if (slot >= 0) rows.push(tokenRowOf(state, slot, now))
  }
  return rows
}

export function tokenRowOf(state: SchedulerState, slot: number, now: number): TokenRow {
  const { table } = state
  const worker = state.workerOf(slot)
  const createdAt = table.createdAt[slot] ?? 0
  const startedAt = table.startedAt[slot] ?? 0
  const parent = table.parent[slot] ?? 0
  return {
    id: state.idOf(slot),
    sequence: table.sequence[slot] ?? 0,
    operation: state.operationOf(slot).operationType,
    state: table.stateOf(slot),
    weight: weights[table.weight[slot] ?? 1] ?? 'medium',
    core: worker?.core ?? null,
    slot: worker?.slot ?? null,
    createdAt,
    waited: waitedOf(state, slot, now),
    ran: startedAt === 0 ? null : ranOf(state, slot, now),
    attempt: table.attempt[slot] ?? 1,
    held: table.has(slot, tokenFlags.held),
    parent: parent === 0 ? null : parentId(state, parent),
  }
}

function waitedOf(state: SchedulerState, slot: number, now: number): number {
  const { table } = state
  return (table.startedAt[slot] || table.endedAt[slot] || now) - (table.createdAt[slot] ?? 0)
}

function ranOf(state: SchedulerState, slot: number, now: number): number {
  const { table } = state
  const startedAt = table.startedAt[slot] ?? 0
  return startedAt === 0 ? -1 : (table.endedAt[slot] || now) - startedAt
}

/** Id of a parent; one that is not kept any more is known by its sequence alone. */
export function parentId(state: SchedulerState, sequence: number): string {
  const slot = state.table.find(sequence)
  return slot >= 0 ? state.idOf(slot) : tokenId('unknown', 0, state.clock.epochWall, sequence)
}

/** Also of a parent that the table has let go of: its children may go on. -1 for an id of no token. */
function parentSequence(state: SchedulerState, id: string): number {
  const sequence = sequenceOf(id)
  if (sequence === null) return -1
  const slot = state.table.find(sequence)
  return slot < 0 || state.idOf(slot) === id ? sequence : -1
}

function makeMatcher(state: SchedulerState, filter: TokenFilter): (slot: number) => boolean {
  const { table } = state
  const wantedStates = filter.states === undefined ? null : new Set(filter.states.map((name) => stateNumbers[name]))
  const wantedOperations =
    filter.operations === undefined
      ? null
      : new Set(filter.operations.map((name) => state.operations.find(name)?.index ?? -1))
  const wantedCores = filter.cores === undefined ? null : new Set(filter.cores)
  const parent = filter.parent === undefined ? null : parentSequence(state, filter.parent)
  const text = filter.text === undefined || filter.text === '' ? null : filter.text.toLowerCase()
  const from = filter.acceptedFrom ?? Number.NEGATIVE_INFINITY
  const until = filter.acceptedUntil ?? Number.POSITIVE_INFINITY
  const accepted = (slot: number) => wallTime(state.clock, table.createdAt[slot] ?? 0)
  return (slot) =>
    (wantedStates === null || wantedStates.has(table.state[slot] ?? 0)) &&
    (wantedOperations === null || wantedOperations.has(table.operation[slot] ?? -1)) &&
    (wantedCores === null || wantedCores.has(state.workerOf(slot)?.core ?? -1)) &&
    (parent === null || table.parent[slot] === parent) &&
    accepted(slot) >= from &&
    accepted(slot) < until &&
    (text === null || containsText(state, slot, text))
}

function containsText(state: SchedulerState, slot: number, text: string): boolean {
  const { table } = state
  if (state.operationOf(slot).operationType.toLowerCase().includes(text)) return true
  // By its end: the nanoseconds in the middle of an id contain every short number.
  if (`_${state.idOf(slot).toLowerCase()}`.endsWith(`_${text}`)) return true
  if (table.errors[slot]?.message.toLowerCase().includes(text) === true) return true
  return argumentText(state, slot).toLowerCase().includes(text)
}

function argumentText(state: SchedulerState, slot: number): string {
  const values = state.table.has(slot, tokenFlags.secret) ? null : state.table.values[slot]
  if (values == null) return state.table.extras[slot]?.argumentsPreview?.text ?? ''
  if (values.length === 0) return ''
  // Plain scalars are the usual case and need no inspector.
  return values.every((value) => typeof value === 'number' || typeof value === 'string')
    ? values.join(' ')
    : previewOf(values).text
}

/** Slots come newest first; sorts them in place as asked, equals newest first. Returns what they were sorted by, null for the sequence. */
function order(state: SchedulerState, slots: number[], sort: TokenSort): Map<number, number> | null {
  const sign = sort.direction === 'ascending' ? 1 : -1
  const { by } = sort
  if (by === 'sequence') {
    if (sign === 1) slots.reverse()
    return null
  }
  const keys = new Map<number, number>()
  const now = state.now()
  for (const slot of slots) keys.set(slot, sortKey(state, slot, by, now))
  const places = by === 'operation' ? alphabet(state) : null
  const placeOf = (slot: number) => {
    const key = keys.get(slot) ?? 0
    return places === null ? key : (places[key] ?? 0)
  }
  slots.sort((a, b) => (placeOf(a) - placeOf(b)) * sign)
  return keys
}

/** Place of each operation in the order of their names. */
function alphabet({ operations }: SchedulerState): number[] {
  const places: number[] = []
  const byName = [...operations.entries].sort((a, b) => (a.operationType < b.operationType ? -1 : 1))
  for (const [place, entry] of byName.entries()) places[entry.index] = place
  return places
}

function sortKey(state: SchedulerState, slot: number, by: Exclude<TokenSort['by'], 'sequence'>, now: number): number {
  switch (by) {
    case 'operation':
      return state.operationOf(slot).index
    case 'state':
      return tokenStates.indexOf(state.table.stateOf(slot))
    case 'core':
      return state.workerOf(slot)?.core ?? 0
    case 'waited':
      return waitedOf(state, slot, now)
    case 'ran':
      return ranOf(state, slot, now)
  }
}
