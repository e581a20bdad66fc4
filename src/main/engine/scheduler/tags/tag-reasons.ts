import { whoRests } from '../resting-workers.ts'
import type { SchedulerState } from '../scheduler-state.ts'
import type { TokenMarks } from './token-marks.ts'

/** One sentence about what its tags make a waiting token wait for; null when it is nothing of that kind. */
export function whyTagsHold(state: SchedulerState, slot: number): string | null {
  const marks = state.rules.marksOf(slot)
  if (marks === null) return null
  const queue = state.table.links.queueOf[slot]
  if (queue === state.rules.retrying) return retryIn(state, slot, marks)
  if (queue === marks.lane?.parked) return anchored(state, marks)
  if (queue === marks.tier?.parked) return tierFull(marks)
  const core = state.rules.coreFor(slot)
  return core > 0 ? boundTo(state, marks, core) : null
}

function retryIn(state: SchedulerState, slot: number, { retryAt }: TokenMarks): string {
  const attempt = state.table.attempt[slot] ?? 1
  const failed = state.table.extras[slot]?.attempts.at(-1)?.error?.message ?? 'unknown'
  const seconds = Math.max(0, (retryAt - state.now()) / 1e6).toFixed(1)
  const times = state.operationOf(slot).tags.retry?.times ?? state.options.retryTimes
  return `It waits for retry ${attempt - 1} of ${times} in ${seconds} s; the last attempt failed: ${failed}.`
}

function anchored(state: SchedulerState, { lane }: TokenMarks): string | null {
  if (lane == null) return null
  const holder = lane.holder === null ? -1 : state.table.find(lane.holder.sequence)
  const who = holder < 0 ? 'another token' : `token ${state.idOf(holder)}`
  return `It is anchored behind ${who}: tokens with the key ${lane.key} run one after the other.`
}

function tierFull({ tier }: TokenMarks): string | null {
  return tier == null ? null : `The storage tier ${tier.speed} is full (${tier.active} of ${tier.limit}).`
}

function boundTo(state: SchedulerState, { domain, leads }: TokenMarks, core: number): string {
  const by = domain !== null || leads !== null ? 'its conductor domain' : 'its anchor'
  const load = state.cores[core - 1]
  const rest = load === undefined ? null : whoRests([load])
  if (rest !== null) return `It is bound to core ${core} by ${by}; ${rest}.`
  const room = (load?.pattern ?? 0) * state.options.mailboxMax
  return `It is bound to core ${core} by ${by}; that core has ${load?.load ?? 0} of ${room} tokens in its mailboxes.`
}
