/** Throws when `value` is null or undefined. `why` says why it can never be, for the reader and for the message. */
export function assertDefined<T>(value: T | null | undefined, why: string): T {
  if (value === null || value === undefined) throw new Error(`assertion failed: ${why}`)
  return value
}

/** Throws unless `condition` holds. `why` says why it must. */
export function assert(condition: boolean, why: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${why}`)
}
