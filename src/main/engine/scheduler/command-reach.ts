import type { CommandPreview } from '../../../shared/contract/commands.ts'
import type { SchedulerState } from './scheduler-state.ts'
import { stateNumbers, type TokenTable } from './token-table.ts'

export type CommandTargets = Omit<CommandPreview, 'command' | 'scope' | 'frozen' | 'expiresInMs'> & {
  readonly sequences: Float64Array
}

/** Operations that a preview names, those with most tokens first. */
const namedOperations = 20

/** Slots of the tokens that have not ended, oldest first; of one operation where its index is given. */
export function liveSlots(table: TokenTable, operation: number | null): Int32Array {
  const slots = table.index.oldestFirst()
  let live = 0
  for (let at = 0; at < slots.length; at++) {
    const slot = slots[at] ?? 0
    if (table.isTerminal(slot) || (operation !== null && table.operation[slot] !== operation)) continue
    slots[live++] = slot
  }
  return slots.subarray(0, live)
}

/** What a command would act on among `slots`. Columns throughout: of a hundred thousand tokens it takes some milliseconds. */
export function reachOf(state: SchedulerState, slots: Int32Array, states: ReadonlySet<number>): CommandTargets {
  const { table } = state
  const inStates = Uint8Array.from({ length: 8 }, (_, each) => (states.has(each) ? 1 : 0))
  const sequences = new Float64Array(slots.length)
  const chosen = new Uint8Array(table.capacity)
  const byState = new Float64Array(8)
  const byOperation: number[] = []
  let count = 0
  for (let each = 0; each < slots.length; each++) {
    const slot = slots[each] ?? 0
    const at = table.state[slot] ?? 0
    if (inStates[at] !== 1) continue
    sequences[count++] = table.sequence[slot] ?? 0
    chosen[slot] = 1
    byState[at] = (byState[at] ?? 0) + 1
    const operation = table.operation[slot] ?? 0
    byOperation[operation] = (byOperation[operation] ?? 0) + 1
  }
  return {
    waiting: byState[stateNumbers.WAITING] ?? 0,
    admitted: byState[stateNumbers.ADMITTED] ?? 0,
    executing: byState[stateNumbers.EXECUTING] ?? 0,
    children: count === 0 ? 0 : childrenOutside(table, chosen),
    operations: Object.entries(byOperation)
      .sort((a, b) => b[1] - a[1])
      .slice(0, namedOperations)
      .map(([index, tokens]) => ({ operation: state.operations.at(Number(index)).operationType, count: tokens })),
    sequences: sequences.subarray(0, count),
  }
}

/** Live children of chosen tokens that are not chosen themselves. */
function childrenOutside(table: TokenTable, chosen: Uint8Array): number {
  const slots = table.index.oldestFirst()
  let count = 0
  for (let at = 0; at < slots.length; at++) {
    const slot = slots[at] ?? 0
    const parent = table.parent[slot] ?? 0
    // Most have none, and asking for each takes long where there are very many.
    if (parent === 0 || chosen[slot] === 1 || table.isTerminal(slot)) continue
    const above = table.find(parent)
    if (above >= 0 && chosen[above] === 1) count += 1
  }
  return count
}

/** The same slots, what waits before what is in a mailbox before what runs, each in its order. */
export function waitingFirst(table: TokenTable, slots: Int32Array): Int32Array {
  const sorted = new Int32Array(slots.length)
  let count = 0
  for (let state = 0; count < slots.length; state++) {
    for (let at = 0; at < slots.length; at++) {
      const slot = slots[at] ?? 0
      if (table.state[slot] === state) sorted[count++] = slot
    }
  }
  return sorted
}
