import { weights } from '../../../shared/model/token.ts'
import { answerQueue } from './call-answers.ts'
import { describePause, type PauseNote } from './pause-note.ts'
import { eligibleRange } from './positions.ts'
import { whoRests } from './resting-workers.ts'
import type { SchedulerState } from './scheduler-state.ts'
import { whyTagsHold } from './tags/tag-reasons.ts'
import { stateNumbers, tokenFlags } from './token-table.ts'

/** One sentence from the live state: why this token does not run yet. Null when it does not wait. */
export function whyWaiting(state: SchedulerState, slot: number): string | null {
  const { table } = state
  if (table.state[slot] === stateNumbers.ADMITTED) return inMailbox(state, slot)
  if (table.state[slot] !== stateNumbers.WAITING) return null
  if (!state.started) return 'The scheduler has not started yet.'
  const operation = state.operationOf(slot)
  if (table.has(slot, tokenFlags.held)) {
    const action = table.extras[slot]?.actions.findLast((each) => each.action === 'pause')
    const by = action === undefined ? '' : describePause(action, state.now())
    return `This token was paused${by}; resume it to let it go.`
  }
  if (table.links.queueOf[slot]?.name === answerQueue)
    return 'The same call has a result or is running already, or that is being looked up; it waits for that answer.'
  if (operation.paused) {
    const paused = pausedText(state, operation.pausedBy)
    return `The operation ${operation.operationType} ${paused}; ${operation.held.length} of its tokens ${operation.held.length === 1 ? 'is' : 'are'} held.`
  }
  if (operation.moduleUrl === null)
    return `The module of ${operation.operationType} is gone or does not load; its tokens wait until it does.`
  if (state.gate.paused) {
    const { waiting, pausedBy } = state.gate
    return `The gate ${pausedText(state, pausedBy)}; ${waiting.toLocaleString('en-US')} ${waiting === 1 ? 'token waits' : 'tokens wait'} behind it.`
  }
  return whyTagsHold(state, slot) ?? mailboxesFull(state, slot)
}

function pausedText(state: SchedulerState, by: PauseNote | null): string {
  return by === null ? 'is paused' : `was paused${describePause(by, state.now())}`
}

function mailboxesFull(state: SchedulerState, slot: number): string {
  const { table, cores, options } = state
  const weight = weights[table.weight[slot] ?? 1] ?? 'medium'
  const { first, last } = eligibleRange(weight, cores.length)
  const eligible = cores.slice(first - 1, last)
  const [only] = eligible
  const ahead = aheadOf(state, slot)
  const behind =
    ahead === 0 ? 'it is next' : `${ahead} ${weight} ${ahead === 1 ? 'token is' : 'tokens are'} ahead of it`
  const rest = whoRests(eligible)
  if (rest !== null) return `No mailbox has room: ${rest}; ${behind}.`
  if (eligible.length === 1 && only !== undefined) {
    return `Core ${only.core} has ${only.load} of ${only.pattern * options.mailboxMax} tokens in its mailboxes; ${behind}.`
  }
  return `All mailboxes of cores ${first} to ${last} are full; ${behind}.`
}

function aheadOf(state: SchedulerState, slot: number): number {
  const { previous } = state.table.links
  let count = 0
  for (let before = previous[slot] ?? -1; before >= 0; before = previous[before] ?? -1) count += 1
  return count
}

function inMailbox(state: SchedulerState, slot: number): string | null {
  const { table } = state
  const worker = state.workerOf(slot)
  if (worker === null) return null
  const where = `worker ${worker.slot} of core ${worker.core}`
  if (worker.resting)
    return `It is in the mailbox of ${where}, which rests a moment, because its thread died again and again while it started.`
  if (!worker.ready) return `It is in the mailbox of ${where}, whose thread is starting.`
  const running = worker.runningSlot()
  if (running === slot) return null
  const what =
    running < 0
      ? 'about to take the next token'
      : `running ${state.operationOf(running).operationType} (token ${table.sequence[running]})`
  return `It is in the mailbox of ${where}, which is ${what} and has ${Math.max(0, worker.depth - 1)} more.`
}
