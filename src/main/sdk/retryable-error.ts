/**
 * What an operation throws when another attempt may succeed and does no harm, such as a busy server that took nothing. With
 * the tag `retry` the token is tried again although the operation had begun; without the tag it fails as with any other error.
 */
export class RetryableError extends Error {
  readonly retryable = true

  constructor(message?: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'RetryableError'
  }
}
