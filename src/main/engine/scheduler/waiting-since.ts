import type { SchedulerState } from './scheduler-state.ts'

/** Since when the newest attempt of a token waits: its creation, or the instant its retry was due; engine microseconds. */
export function waitingSince(state: SchedulerState, slot: number): number {
  const { table } = state
  const created = table.createdAt[slot] ?? 0
  if (table.attempt[slot] === 1) return created
  return table.extras[slot]?.marks?.waitingSince || created
}
