/** A call that only a real desktop could have carried out. */
export interface RecordedCall {
  /** Such as `shell`, and `openExternal` for the method. */
  readonly object: string
  readonly method: string
  readonly args: readonly unknown[]
}

/** In the order in which they were made. A test may empty it. */
export const recordedCalls: RecordedCall[] = []

export function recordCall(object: string, method: string, ...args: readonly unknown[]): void {
  recordedCalls.push({ object, method, args })
}
