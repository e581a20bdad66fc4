import { deserialize, serialize } from 'node:v8'
import { GuardhouseError } from '../../../../shared/errors.ts'
import type { ServiceCaller } from '../../scheduler/context-services.ts'
import { copyPlain } from '../seal-tuple.ts'
import type { CallGuards } from './call-guards.ts'
import type { CircuitBreaker } from './circuit-breaker.ts'
import type { KernelPolicy } from './kernel-policy.ts'
import { cacheKey, type RunResult } from './receipt-cache.ts'

/** A value that takes more than this is nobody else's answer, bytes. */
const largestAnswer = 4 * 2 ** 20

/** The answer of an equal call, or the number under which the caller runs it for all equal ones. */
export type BegunCall =
  | { readonly answer: unknown; readonly answered: true }
  | { readonly run: number; readonly answered: false }

export type AttemptOutcome = 'good' | 'fault' | 'neither'

/** The control thread's side of `context().kernel.execute`: one cache and one breaker for each provider, whatever thread calls. */
export class CallDesk {
  readonly #guards: CallGuards
  readonly #policy: KernelPolicy
  readonly #runs = new Map<number, (result: RunResult<Buffer>) => void>()
  readonly #attempts = new Map<number, CircuitBreaker>()
  #numbers = 0

  constructor(guards: CallGuards, policy: KernelPolicy) {
    this.#guards = guards
    this.#policy = policy
  }

  /** Waits while an equal call runs. Rejects with `bad-request` for data that JSON cannot say: it could not be told from other data. */
  async begin(scope: object, caller: ServiceCaller): Promise<BegunCall> {
    const key = cacheKey(copyPlain(scope, 'call'))
    return new Promise((resolve, reject) => {
      const run = () => {
        const { promise, resolve: end } = Promise.withResolvers<RunResult<Buffer>>()
        const number = ++this.#numbers
        this.#runs.set(number, end)
        // At once when it has ended while it waited: the next in the queue runs instead.
        caller.onEnd(() => this.end(number, undefined, false))
        resolve({ run: number, answered: false })
        return promise
      }
      const answer = this.#guards.answers.answer(key, run)
      answer
        .then(({ value, from }) => {
          if (from !== 'run') resolve({ answer: deserialize(value as Buffer), answered: true })
        })
        .catch(reject)
    })
  }

  /** What a run has brought. Whoever waits for a run that was not good runs itself. */
  end(run: number, value: unknown, good: boolean): void {
    const end = this.#runs.get(run)
    this.#runs.delete(run)
    end?.(good ? answerOf(value) : nothing)
  }

  /** One attempt may go. Throws `overloaded` while the provider is left alone. */
  attempt(provider: string, caller: ServiceCaller): number {
    if (typeof provider !== 'string' || provider === '') {
      throw new GuardhouseError('bad-request', 'the provider of a call is a name')
    }
    const { breakerThreshold: threshold, breakerCooldownMs: cooldownMs } = this.#policy
    const breaker = this.#guards.providers.of(provider, { threshold, cooldownMs })
    breaker.begin(provider)
    const number = ++this.#numbers
    this.#attempts.set(number, breaker)
    caller.onEnd(() => this.attempted(number, 'neither'))
    return number
  }

  attempted(attempt: number, outcome: AttemptOutcome): void {
    const breaker = this.#attempts.get(attempt)
    this.#attempts.delete(attempt)
    if (outcome === 'good') breaker?.succeeded()
    else if (outcome === 'fault') breaker?.failed()
    else breaker?.neither()
  }

  call(method: string, values: readonly unknown[], caller: ServiceCaller): unknown {
    const [first, second, third] = values
    if (method === 'beginCall') return this.begin(first as object, caller)
    if (method === 'endCall') return this.end(first as number, second, third === true)
    if (method === 'attempt') return this.attempt(first as string, caller)
    if (method === 'attempted') return this.attempted(first as number, second as AttemptOutcome)
    throw new GuardhouseError('bad-request', `the kernel has no method ${method}`)
  }
}

const nothing: RunResult<Buffer> = { value: Buffer.alloc(0), good: false }

function answerOf(value: unknown): RunResult<Buffer> {
  try {
    const bytes = serialize(value)
    return bytes.byteLength > largestAnswer ? nothing : { value: bytes, good: true, bytes: bytes.byteLength }
  } catch {
    // What cannot be kept, such as shared memory, answers nobody else.
    return nothing
  }
}
