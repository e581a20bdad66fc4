import { GuardhouseError } from '../../../shared/errors.ts'
import type { SchedulerState } from './scheduler-state.ts'
import type { Settlement } from './scheduler-types.ts'
import { tokenFlags } from './token-table.ts'

/**
 * Settles when the token has ended. Throws for one that ended before: `too-large` where only a preview of its result was
 * kept, `not-allowed` where its result holds secrets.
 */
export function settlementOf(state: SchedulerState, slot: number, id: string): Promise<Settlement> {
  const { table } = state
  const sequence = table.sequence[slot] ?? 0
  const read = (value: unknown): Settlement => ({
    sequence,
    state: table.stateOf(slot),
    value,
    error: table.errors[slot] ?? null,
    ranMs: ranMs(table.startedAt[slot] ?? 0, table.endedAt[slot] ?? 0),
  })
  if (!table.isTerminal(slot)) {
    return new Promise((resolve) => {
      state.extra(slot).listeners.push((value) => resolve(read(value)))
    })
  }
  const cut = table.extras[slot]?.resultPreview
  if (cut == null) return Promise.resolve(read(table.results[slot]))
  if (table.has(slot, tokenFlags.secret)) {
    throw new GuardhouseError('not-allowed', `the result of ${id} holds secrets and was not kept after the token ended`)
  }
  throw new GuardhouseError(
    'too-large',
    `the result of ${id} had ${cut.bytes} bytes and was not kept after the token ended`,
    { hint: 'Ask for the outcome of such a token before it ends.' },
  )
}

/** Of engine times; 0 for a token that never began. */
function ranMs(startedAt: number, endedAt: number): number {
  return startedAt > 0 ? Math.max(0, endedAt - startedAt) / 1000 : 0
}
