import type { TokenFilter, TokenPage, TokenRow, TokenSort } from '../../../shared/contract/tokens.ts'
import { tokenStates, weights } from '../../../shared/model/token.ts'
import { tokenId } from '../../../shared/model/token-id.ts'
import { previewOf } from './preview.ts'
import type { SchedulerState } from './scheduler-state.ts'
import { stateNumbers, tokenFlags } from './token-table.ts'

// Rows looked at between two turns of the event loop: the control thread has tokens to move meanwhile.
const rowsPerTurn = 10_000

/**
 * One page of the kept tokens. Looks at every kept token once, in pieces, so that a search over a full table does not hold up the
 * scheduler; tokens that end meanwhile are shown as they were when their piece was read.
 */
export async function queryTokens(
  state: SchedulerState,
  filter: TokenFilter,
  sort: TokenSort,
  offset: number,
  limit: number,
): Promise<TokenPage> {
  const { table } = state
  const version = table.version
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
  order(state, found, sort)
  const now = state.now()
  return {
    rows: found.slice(offset, offset + limit).map((slot) => tokenRowOf(state, slot, now)),
    matched: found.length,
    kept: table.kept,
    evicted: table.evicted,
    version,
    now,
  }
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

function makeMatcher(state: SchedulerState, filter: TokenFilter): (slot: number) => boolean {
  const { table } = state
  const wantedStates = filter.states === undefined ? null : new Set(filter.states.map((name) => stateNumbers[name]))
  const wantedOperations =
    filter.operations === undefined
      ? null
      : new Set(filter.operations.map((name) => state.operations.find(name)?.index ?? -1))
  const wantedCores = filter.cores === undefined ? null : new Set(filter.cores)
  const parentSlot = filter.parent === undefined ? null : state.slotOf(filter.parent)
  const parent = parentSlot === null ? null : parentSlot < 0 ? -1 : (table.sequence[parentSlot] ?? -1)
  const text = filter.text === undefined || filter.text === '' ? null : filter.text.toLowerCase()
  return (slot) =>
    (wantedStates === null || wantedStates.has(table.state[slot] ?? 0)) &&
    (wantedOperations === null || wantedOperations.has(table.operation[slot] ?? -1)) &&
    (wantedCores === null || wantedCores.has(state.workerOf(slot)?.core ?? -1)) &&
    (parent === null || table.parent[slot] === parent) &&
    (text === null || containsText(state, slot, text))
}

function containsText(state: SchedulerState, slot: number, text: string): boolean {
  const { table } = state
  if (state.operationOf(slot).operationType.toLowerCase().includes(text)) return true
  if (state.idOf(slot).toLowerCase().includes(text)) return true
  if (table.errors[slot]?.message.toLowerCase().includes(text) === true) return true
  return argumentText(state, slot).toLowerCase().includes(text)
}

function argumentText(state: SchedulerState, slot: number): string {
  const values = state.table.values[slot]
  if (values == null) return state.table.extras[slot]?.argumentsPreview?.text ?? ''
  if (values.length === 0) return ''
  // Plain scalars are the usual case and need no inspector.
  return values.every((value) => typeof value === 'number' || typeof value === 'string')
    ? values.join(' ')
    : previewOf(values).text
}

/** Slots come newest first; sorts them in place as asked, equals newest first. */
function order(state: SchedulerState, slots: number[], sort: TokenSort): void {
  const sign = sort.direction === 'ascending' ? 1 : -1
  if (sort.by === 'sequence') {
    if (sign === 1) slots.reverse()
    return
  }
  const keys = new Map<number, number | string>()
  const now = state.now()
  for (const slot of slots) keys.set(slot, sortKey(state, slot, sort.by, now))
  slots.sort((a, b) => {
    const keyA = keys.get(a) ?? 0
    const keyB = keys.get(b) ?? 0
    return keyA < keyB ? -sign : keyA > keyB ? sign : 0
  })
}

function sortKey(
  state: SchedulerState,
  slot: number,
  by: Exclude<TokenSort['by'], 'sequence'>,
  now: number,
): number | string {
  switch (by) {
    case 'operation':
      return state.operationOf(slot).operationType
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
