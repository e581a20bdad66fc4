import type { ProcedureInput, ProcedureName, ProcedureOutput } from '../../../shared/contract/index.ts'
import type { Submission } from '../../../shared/contract/tokens.ts'

export interface LaunchPlan {
  readonly submission: Submission
  /** Tokens altogether. */
  readonly count: number
  /** Null: all at once. */
  readonly burst: { readonly size: number; readonly everyMs: number } | null
}

export interface Launched {
  readonly count: number
  readonly first: string
  readonly last: string
}

export interface LaunchSurroundings {
  readonly call: <Name extends ProcedureName>(name: Name, input: ProcedureInput<Name>) => Promise<ProcedureOutput<Name>>
  /** Resolves after that time, or at once when `signal` aborts. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>
  /** Called after every burst with the tokens submitted so far. */
  readonly onProgress: (submitted: number) => void
  /** Stops before the next burst; what is submitted stays. */
  readonly signal: AbortSignal
}

/** Submits the tokens of a plan. Null when it was stopped before the first. Rejects as `tokens.submit` does. */
export async function launch(plan: LaunchPlan, surroundings: LaunchSurroundings): Promise<Launched | null> {
  const { submission, burst } = plan
  const size = burst?.size ?? plan.count
  let launched: Launched | null = null
  for (let left = plan.count; left > 0 && !surroundings.signal.aborted; left -= size) {
    launched = together(launched, await submit(submission, Math.min(size, left), surroundings))
    surroundings.onProgress(launched.count)
    if (left > size && burst !== null) await surroundings.wait(burst.everyMs, surroundings.signal)
  }
  return launched
}

function together(before: Launched | null, sent: Launched): Launched {
  return before === null ? sent : { count: before.count + sent.count, first: before.first, last: sent.last }
}

async function submit(submission: Submission, count: number, { call }: LaunchSurroundings): Promise<Launched> {
  if (count > 1) return call('tokens.submitMany', { ...submission, count })
  const { id } = await call('tokens.submit', submission)
  return { count: 1, first: id, last: id }
}
