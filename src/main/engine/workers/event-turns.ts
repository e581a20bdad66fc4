export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}

/** Microtasks always get their turn; timers and messages only when something asynchronous is pending. */
export function yieldToEvents(pending: boolean): Promise<void> | undefined {
  return pending ? new Promise((resolve) => setImmediate(resolve)) : undefined
}
