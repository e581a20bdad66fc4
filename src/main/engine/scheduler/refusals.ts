import { GuardhouseError } from '../../../shared/errors.ts'
import type { Weight } from '../../../shared/model/token.ts'
import { nearestName } from '../../../shared/nearest-name.ts'
import type { WorkerOperation } from '../workers/worker-protocol.ts'
import type { SchedulerState } from './scheduler-state.ts'

const namesShown = 12

/** `gone`: it was known once. */
export function unknownOperation(
  operationType: string,
  gone: boolean,
  runnable: readonly WorkerOperation[],
): GuardhouseError {
  const name = JSON.stringify(operationType)
  return new GuardhouseError(
    'not-found',
    gone ? `operation ${name} cannot be run: its module is gone or does not load` : `there is no operation ${name}`,
    { hint: whatThereIs(operationType, runnable) },
  )
}

function whatThereIs(typed: string, runnable: readonly WorkerOperation[]): string {
  const known = runnable.map((operation) => operation.operationType)
  if (known.length === 0) return 'No workspace with operations is open, or it is not loaded yet.'
  const meant = nearestName(typed, known)
  if (meant !== null) return `Did you mean ${meant}?`
  return `Known are ${known.slice(0, namesShown).join(', ')}${known.length > namesShown ? ', …' : ''}.`
}

export function everyCoreFull(weight: Weight): GuardhouseError {
  return new GuardhouseError('overloaded', `every core for ${weight} tokens is full`, {
    hint: 'The option overflow is reject; choose wait or spill to keep such tokens.',
  })
}

/** Slot of a kept token. Throws `not-found`. */
export function requireSequence(state: SchedulerState, sequence: number): number {
  const slot = state.table.find(sequence)
  if (slot < 0) throw new GuardhouseError('not-found', `token ${sequence} is not kept any more`)
  return slot
}

/** Slot of a kept token. Throws `not-found`. */
export function requireToken(state: SchedulerState, id: string): number {
  const slot = state.slotOf(id)
  if (slot < 0) {
    throw new GuardhouseError('not-found', `there is no token ${JSON.stringify(id)}`, {
      hint: `The newest ${state.options.historyMax} finished tokens are kept; older ones are gone.`,
    })
  }
  return slot
}
