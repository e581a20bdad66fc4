import { setTimeout as delay } from 'node:timers/promises'
import type { CallRequest, CallRun } from '../../../shared/model/kernel.ts'
import { backoffMs } from '../bus/kernel/backoff.ts'
import type { AttemptOutcome, BegunCall } from '../bus/kernel/call-desk.ts'
import { compressContext } from '../bus/kernel/context-compressor.ts'
import { kernelPolicyFrom } from '../bus/kernel/kernel-policy.ts'
import { speculate } from '../bus/kernel/speculate.ts'

/** Asks the control thread; `waits`: the answer may be long in coming. */
export type AskKernel = (method: string, values: readonly unknown[], waits?: boolean) => Promise<unknown>

/** One call of `context().kernel.execute`, in the thread of its operation. */
export async function guardedCall<Result>(
  request: CallRequest,
  run: CallRun<Result>,
  ask: AskKernel,
  signal: AbortSignal,
): Promise<Result> {
  const { yool, data = {}, provider = null, authority = null, cache = true } = request
  if (typeof run !== 'function') throw new TypeError('execute needs the function that does the call')
  const attempts = () => attempted(request, run, ask, signal)
  if (!cache) return attempts()
  const begun = (await ask('beginCall', [{ yool, data, provider, authority }], true)) as BegunCall
  if (begun.answered) return begun.answer as Result
  let good = false
  let value: Result | undefined
  try {
    value = await attempts()
    good = true
    return value
  } finally {
    await tellEnd(ask, begun.run, value, good)
  }
}

async function tellEnd(ask: AskKernel, run: number, value: unknown, good: boolean): Promise<void> {
  try {
    await ask('endCall', [run, value, good])
  } catch {
    // A result that cannot leave its thread answers nobody else; one of a token that has ended was let go with it.
    await ask('endCall', [run, undefined, false]).catch(() => undefined)
  }
}

async function attempted<Result>(request: CallRequest, run: CallRun<Result>, ask: AskKernel, signal: AbortSignal) {
  const { provider, retryable = isProviderFault } = request
  const policy = kernelPolicyFrom(process.env)
  const compresses = request.compressContext ?? provider !== undefined
  const whole = request.data ?? {}
  const data = compresses ? compressContext(whole, policy.contextChars).value : whole
  const once = () => oneOrTwoWays(request, run, data, signal)
  if (provider === undefined) return once()
  const retries = request.retries ?? policy.retries
  for (let attempt = 0; ; attempt++) {
    const number = await ask('attempt', [provider])
    const tell = (outcome: AttemptOutcome) => ask('attempted', [number, outcome])
    try {
      const value = await once()
      await tell('good')
      return value
    } catch (error) {
      // Whoever gave up, or got the call wrong, says nothing of the provider.
      const fault = !signal.aborted && retryable(error)
      await tell(fault ? 'fault' : 'neither').catch(() => undefined)
      if (!fault || attempt >= retries) throw error
    }
    const { backoffBaseMs: baseMs, backoffMaxMs: maxMs } = policy
    await delay(backoffMs(attempt, { baseMs, maxMs }), undefined, { signal })
  }
}

async function oneOrTwoWays<Result>(
  { backup, backupAfterMs = 0 }: CallRequest,
  run: CallRun<Result>,
  data: NonNullable<CallRequest['data']>,
  signal: AbortSignal,
): Promise<Result> {
  if (backup === undefined || data.idempotent !== true) return run(data, signal)
  const way = (call: CallRun<Result>) => async (stop: AbortSignal) => call(data, AbortSignal.any([signal, stop]))
  const { value } = await speculate([way(run), way(backup as CallRun<Result>)], { delayMs: backupAfterMs })
  return value
}

const lostConnection = /^(?:ECONN|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|EHOST|ENET|UND_ERR_)/

/** A time-out, a lost connection, or what says of itself that another attempt may succeed; also as the cause of another error. */
export function isProviderFault(error: unknown): boolean {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 8; cause = cause.cause, depth++) {
    const { code, retryable } = cause as { readonly code?: unknown; readonly retryable?: unknown }
    if (cause.name === 'TimeoutError' || retryable === true) return true
    if (typeof code === 'string' && lostConnection.test(code)) return true
  }
  return false
}
