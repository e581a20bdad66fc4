import type { ErrorData } from '../../../../shared/errors.ts'
import type { Deadlines } from '../deadlines.ts'
import type { SchedulerState } from '../scheduler-state.ts'
import { timesOf } from '../token-detail.ts'
import { stateNumbers, tokenFlags } from '../token-table.ts'
import { retryDelay, retryPolicy, whyNoRetry } from './retry-policy.ts'

/** What follows an attempt: another one, or the end, with the error of the last attempt and why there is no further one. */
export type AfterAttempt = { readonly again: true } | { readonly again: false; readonly error: ErrorData | null }

/** Further attempts of failed tokens: the same token, the same id, the next attempt; whoever waits for it hears of the last one only. */
export class Retries {
  readonly #state: SchedulerState
  readonly #deadlines: Deadlines
  readonly #chance: () => number

  constructor(state: SchedulerState, deadlines: Deadlines, chance: () => number) {
    this.#state = state
    this.#deadlines = deadlines
    this.#chance = chance
  }

  /**
   * An attempt of a token with the tag `retry` has ended. With `again` the token is WAITING again; the caller must then leave it
   * alone. `watch` is told when the next wait in the queue begins.
   */
  ended(
    slot: number,
    error: ErrorData | null,
    endedAt: number,
    watch: (slot: number, from: number) => void,
  ): AfterAttempt {
    const { table, options, rules } = this.#state
    const attempt = table.attempt[slot] ?? 1
    if (error === null) {
      if (attempt > 1) rules.retries.succeeded += 1
      return { again: false, error }
    }
    const { tags } = this.#state.operationOf(slot)
    const policy = retryPolicy(tags.retry ?? {}, options)
    const ran = (endedAt - (table.startedAt[slot] || endedAt)) / 1000
    const transferred = table.extras[slot]?.transfer != null
    const why = whyNoRetry(tags, policy, { attempt, ran, error, transferred })
    if (why !== null) {
      if (attempt > 1) rules.retries.exhausted += 1
      return { again: false, error: policy.times === 0 ? error : explained(error, why) }
    }
    const at = this.#state.now() + retryDelay(policy, attempt, this.#chance()) * 1000
    this.#again(slot, attempt, error, endedAt, at)
    watch(slot, at)
    return { again: true }
  }

  #again(slot: number, attempt: number, error: ErrorData, endedAt: number, at: number): void {
    const { table, rules, gate } = this.#state
    const sequence = table.sequence[slot] ?? 0
    const from = table.state[slot] ?? 0
    const worker = this.#state.workerOf(slot)
    table.endedAt[slot] = endedAt
    table.move(slot, stateNumbers.FAILED)
    this.#state.count(slot, from, stateNumbers.FAILED)
    this.#state.operationOf(slot).lastError = error
    this.#state.extra(slot).attempts.push({
      attempt,
      state: 'FAILED',
      core: worker?.core ?? null,
      slot: worker?.slot ?? null,
      times: timesOf(this.#state, slot),
      error,
    })
    rules.again(slot, at)
    table.attempt[slot] = attempt + 1
    table.worker[slot] = -1
    table.admittedAt[slot] = 0
    table.startedAt[slot] = 0
    table.endedAt[slot] = 0
    table.setFlag(slot, tokenFlags.stolen, false)
    table.setFlag(slot, tokenFlags.pulled, false)
    table.move(slot, stateNumbers.WAITING)
    this.#state.count(slot, stateNumbers.FAILED, stateNumbers.WAITING)
    gate.acceptAgain(slot)
    rules.retries.created += 1
    this.#state.observer.again(slot)
    this.#deadlines.add(at, () => {
      if (table.sequence[slot] === sequence && table.attempt[slot] === attempt + 1) rules.retryNow(slot)
    })
  }
}

/** Whoever reads of the failure shall not wonder what became of its retries. */
function explained(error: ErrorData, why: string): ErrorData {
  const sentence = `It was not tried again: ${why}.`
  return { ...error, hint: error.hint === undefined ? sentence : `${error.hint} ${sentence}` }
}
