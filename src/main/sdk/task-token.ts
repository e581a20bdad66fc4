import { GuardhouseError } from '../../shared/errors.ts'
import type { RuntimeToken, RuntimeTokenStatus } from '../../shared/model/runtime.ts'
import { longestTimeout } from './option-readers.ts'

/** What is known of a token's end at this moment. */
export type TaskTokenSettlement<T> =
  | { readonly state: 'pending' }
  | { readonly state: 'fulfilled'; readonly value: T }
  | { readonly state: 'rejected'; readonly error: unknown }

/** What iterating over a result yields. */
export type ItemOf<T> = T extends AsyncIterable<infer Item> | Iterable<infer Item> ? Item : never

/**
 * One call of an operation. It is a Promise of the result for everybody who awaits it, any number of times; awaiting, giving
 * up on awaiting, and mapping never touch the token itself. Only `kill` does.
 *
 * A failed token rejects with the operation's error: kind `operation-failed`, `killed`, `timeout` and so on. Nobody has
 * to listen: a token that fails unobserved raises no unhandled rejection.
 */
export class TaskToken<T> implements Promise<T> {
  readonly operationType: string
  readonly #token: RuntimeToken
  readonly #outcome: Promise<T>
  #settlement: TaskTokenSettlement<T> = { state: 'pending' }

  /** Made by guarded operations, not by hand. */
  constructor(operationType: string, token: RuntimeToken) {
    this.operationType = operationType
    this.#token = token
    this.#outcome = token.outcome as Promise<T>
    this.#outcome.then(
      (value) => {
        this.#settlement = { state: 'fulfilled', value }
      },
      (error: unknown) => {
        this.#settlement = { state: 'rejected', error }
      },
    )
    token.accepted.catch(ignoreRefusal)
  }

  /**
   * The token behind a call that the type system takes for a plain Promise: a call of a decorated method.
   * Throws `bad-request` when it is none.
   */
  static of<T>(call: PromiseLike<T>): TaskToken<T> {
    if (call instanceof TaskToken) return call
    throw new GuardhouseError('bad-request', 'TaskToken.of() was given something that is not a TaskToken', {
      hint: 'Give it what a guarded operation returned, before awaiting it.',
    })
  }

  get [Symbol.toStringTag](): string {
    return 'TaskToken'
  }

  /** Resolves with the token's id when the host has taken it; rejects when it did not. */
  get accepted(): Promise<string> {
    return this.#token.accepted
  }

  // biome-ignore lint/suspicious/noThenProperty: being awaitable is what a token is for.
  then<Fulfilled = T, Rejected = never>(
    onFulfilled?: ((value: T) => Fulfilled | PromiseLike<Fulfilled>) | null,
    onRejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Fulfilled | Rejected> {
    return this.#outcome.then(onFulfilled, onRejected)
  }

  catch<Rejected = never>(
    onRejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<T | Rejected> {
    return this.#outcome.catch(onRejected)
  }

  finally(onSettled?: (() => void) | null): Promise<T> {
    return this.#outcome.finally(onSettled)
  }

  /**
   * Waits for the result, at most `timeoutMs` milliseconds when given; then rejects with kind `timeout`. The token goes on.
   */
  get(options: { readonly timeoutMs?: number | undefined } = {}): Promise<T> {
    const { timeoutMs } = options
    if (timeoutMs === undefined) return this.#outcome.then()
    if (typeof timeoutMs !== 'number' || !(timeoutMs >= 0 && timeoutMs <= longestTimeout)) {
      const error = new GuardhouseError(
        'bad-request',
        `timeoutMs must be a number of milliseconds from 0 to ${longestTimeout}, not ${String(timeoutMs)}`,
      )
      return Promise.reject(error)
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(this.#waitedTooLong(timeoutMs)), timeoutMs)
      this.#outcome.finally(() => clearTimeout(timer)).then(resolve, reject)
    })
  }

  status(): Promise<RuntimeTokenStatus> {
    return this.#token.status()
  }

  /** Asks the host to kill the token. Resolves with false when it had already ended. */
  kill(reason = ''): Promise<boolean> {
    return this.#token.kill(reason)
  }

  /** The same token with another view of its result. `project` runs once, here, when the result arrives. */
  map<U>(project: (value: T) => U | PromiseLike<U>): TaskToken<U> {
    return new TaskToken<U>(this.operationType, {
      accepted: this.#token.accepted,
      outcome: this.#outcome.then(project),
      status: () => this.#token.status(),
      kill: (reason) => this.#token.kill(reason),
    })
  }

  /** How the token ended, without waiting and without throwing. */
  peek(): TaskTokenSettlement<T> {
    return this.#settlement
  }

  /** The result, without waiting. Throws `conflict` while there is none, and the token's own error when it failed. */
  get value(): T {
    const settlement = this.#settlement
    if (settlement.state === 'fulfilled') return settlement.value
    if (settlement.state === 'rejected') throw settlement.error
    throw new GuardhouseError('conflict', `the token of '${this.operationType}' has no value yet`, {
      hint: 'Await the token before using it as a value.',
    })
  }

  /** Lets a resolved token stand in arithmetic and text. Throws as `value` does. */
  [Symbol.toPrimitive](hint: 'number' | 'string' | 'default'): unknown {
    return primitiveOf(this.value, hint)
  }

  /** Iterates over the items of an iterable or async-iterable result, once it has arrived. */
  async *[Symbol.asyncIterator](): AsyncGenerator<ItemOf<T>, void, undefined> {
    const value = await this.#outcome
    if (!isIterable(value)) {
      throw new GuardhouseError('bad-request', `the result of '${this.operationType}' cannot be iterated over`, {
        hint: 'Iterate only over operations that return an array or another iterable.',
      })
    }
    yield* value as AsyncIterable<ItemOf<T>>
  }

  #waitedTooLong(timeoutMs: number): GuardhouseError {
    const message = `'${this.operationType}' has not ended within ${timeoutMs} ms; it goes on`
    return new GuardhouseError('timeout', message, { hint: 'Wait again, or kill the token.' })
  }
}

/** A refusal also rejects the outcome; who does not look at `accepted` must not be punished for it. */
function ignoreRefusal(): void {
  return
}

function isIterable(value: unknown): boolean {
  if (typeof value === 'string') return true
  return typeof value === 'object' && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value)
}

/** OrdinaryToPrimitive of ECMA-262 7.1.1, for a value that may bring its own Symbol.toPrimitive. */
function primitiveOf(value: unknown, hint: 'number' | 'string' | 'default'): unknown {
  if (typeof value !== 'object' || value === null) return value
  const { [Symbol.toPrimitive]: exotic } = value as { [Symbol.toPrimitive]?: (hint: string) => unknown }
  if (exotic !== undefined) return exotic.call(value, hint)
  const plain = hint === 'string' ? value : value.valueOf()
  return typeof plain === 'object' ? String(value) : plain
}
