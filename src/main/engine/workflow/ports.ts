/** The time as a run sees it. */
export interface Clock {
  /** Microseconds since 1970-01-01 UTC. */
  wallMicroseconds(): number
  /** Nanoseconds of a monotonic clock without an anchor; asked once per trace event. */
  traceNanoseconds(): bigint
  /** Milliseconds of a monotonic clock, for limits only: nothing of it is ever recorded. */
  elapsedMilliseconds(): number
}

/** Where a run takes its randomness from. */
export interface Entropy {
  bytes(count: number): Uint8Array
}
