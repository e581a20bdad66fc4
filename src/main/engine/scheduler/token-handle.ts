import { type ErrorData, fromErrorData } from '../../../shared/errors.ts'

interface Deferred {
  readonly promise: Promise<unknown>
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/**
 * What `submit` returns: a promise of the token's outcome that is made only when somebody asks. Giving up waiting never
 * touches the token, and a failure nobody waits for is no unhandled rejection.
 */
export class TokenHandle implements PromiseLike<unknown> {
  readonly sequence: number
  #deferred: Deferred | null = null
  #settled = false
  #value: unknown
  #error: ErrorData | null = null

  constructor(sequence: number) {
    this.sequence = sequence
  }

  get settled(): boolean {
    return this.#settled
  }

  /** Rejects with a GuardhouseError when the token did not complete. */
  get outcome(): Promise<unknown> {
    if (this.#deferred === null) {
      const { promise, resolve, reject } = Promise.withResolvers<unknown>()
      this.#deferred = { promise, resolve, reject }
      if (this.#settled) this.#tell(this.#deferred)
    }
    return this.#deferred.promise
  }

  // biome-ignore lint/suspicious/noThenProperty: a handle is awaited like the call it stands for
  then<Value = unknown, Failure = never>(
    fulfilled?: ((value: unknown) => Value | PromiseLike<Value>) | null,
    rejected?: ((reason: unknown) => Failure | PromiseLike<Failure>) | null,
  ): Promise<Value | Failure> {
    return this.outcome.then(fulfilled, rejected)
  }

  /** For the scheduler: the token has ended. */
  settle(error: ErrorData | null, value: unknown): void {
    this.#settled = true
    this.#value = value
    this.#error = error
    if (this.#deferred !== null) this.#tell(this.#deferred)
  }

  #tell(deferred: Deferred): void {
    if (this.#error === null) deferred.resolve(this.#value)
    else deferred.reject(fromErrorData(this.#error))
  }
}
