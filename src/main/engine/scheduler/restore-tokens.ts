import { GuardhouseError, toErrorData } from '../../../shared/errors.ts'
import { wallTime } from '../../../shared/time.ts'
import type { PauseNote } from './pause-note.ts'
import type { SchedulerState } from './scheduler-state.ts'
import type { TokenLife } from './token-life.ts'

/** A token that an earlier run of the host accepted and that has not ended. */
export interface AcceptedBefore {
  readonly sequence: number
  readonly id: string
  readonly operation: string
  /** Number of the weight class. */
  readonly weight: number
  readonly attempt: number
  readonly parent: number
  /** Milliseconds, 0 for none; counted from now. */
  readonly timeout: number
  readonly queueTimeout: number
  /** Paused by a person. */
  readonly held: boolean
  /** Null when they could not be read. */
  readonly values: readonly unknown[] | null
}

/** What was held back as a whole, and by whom: that is not known of what a journal of an earlier version holds. */
export interface PausedState {
  readonly gate: boolean
  readonly operations: readonly string[]
  readonly by?: readonly KeptPause[]
}

export interface KeptPause {
  /** Null for the gate. */
  readonly operation: string | null
  readonly actor: string
  readonly reason: string
  /** Wall clock, milliseconds since 1970 UTC. */
  readonly at: number
}

export interface EarlierRun {
  readonly tokens: readonly AcceptedBefore[]
  /** New tokens are numbered from the next one on. */
  readonly lastSequence: number
  readonly paused: PausedState | null
}

/**
 * Takes over what an earlier run left: its tokens wait again in the order in which they were accepted, under their ids, those of
 * operations that are not there yet until they are. Only before anything else is submitted.
 */
export function takeOver(state: SchedulerState, life: TokenLife, { tokens, lastSequence, paused }: EarlierRun): void {
  const { table, gate, operations } = state
  for (const token of tokens) {
    const operation = operations.ensure(token.operation)
    const { timeout, queueTimeout, parent } = token
    life.create(operation.index, token.values ?? [], { timeout, queueTimeout, parent }, token)
    const slot = table.find(token.sequence)
    if (token.held) gate.setHeld(slot, true)
    if (token.values !== null) continue
    const error = new GuardhouseError('internal', 'its arguments in the journal cannot be read')
    life.end(slot, 'FAILED', toErrorData(error))
  }
  table.countFrom(lastSequence)
  if (paused === null) return
  gate.paused = paused.gate
  for (const name of paused.operations) gate.pauseOperation(operations.ensure(name))
  for (const { operation, actor, reason, at } of paused.by ?? []) {
    const note: PauseNote = { actor, reason, at: (at - state.clock.epochWall) * 1000 }
    if (operation === null) gate.pausedBy = note
    else operations.ensure(operation).pausedBy = note
  }
}

export function pausedState({ gate, operations, clock }: SchedulerState): PausedState {
  const paused = operations.entries.filter((entry) => entry.paused)
  const keep = (operation: string | null, note: PauseNote | null): KeptPause[] =>
    note === null ? [] : [{ ...note, operation, at: wallTime(clock, note.at) }]
  return {
    gate: gate.paused,
    operations: paused.map((entry) => entry.operationType),
    by: [...keep(null, gate.pausedBy), ...paused.flatMap((entry) => keep(entry.operationType, entry.pausedBy))],
  }
}
