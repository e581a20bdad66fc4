import { type ErrorData, fromErrorData } from '../../../shared/errors.ts'

/**
 * What `submit` returns: a promise of the token's outcome that is made only when somebody asks. Giving up waiting never
 * touches the token, and a failure nobody waits for is no unhandled rejection.
 */
export class TokenHandle implements PromiseLike<unknown> {
  readonly sequence: number
  #promise: Promise<unknown> | null = null
  #resolve: ((value: unknown) => void) | null = null
  #reject: ((error: Error) => void) | null = null
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
    if (this.#promise === null) {
      // Not withResolvers: it makes an object for the three, and V8 inlines the constructor. A fifth of the time, once per token.
      this.#promise = new Promise((resolve, reject) => {
        this.#resolve = resolve
        this.#reject = reject
      })
      if (this.#settled) this.#tell()
    }
    return this.#promise
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
    if (this.#promise !== null) this.#tell()
  }

  #tell(): void {
    if (this.#error === null) this.#resolve?.(this.#value)
    else this.#reject?.(fromErrorData(this.#error))
  }
}
