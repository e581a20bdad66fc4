/**
 * Time inside the engine: microseconds since the engine's epoch, monotonic, as float64.
 * A float64 keeps whole nanoseconds apart for 104 days of uptime at 1/1000 microsecond.
 */
export interface Clock {
  /** Monotonic microseconds since the epoch. */
  now(): number
  /** Wall clock of the epoch, milliseconds since 1970-01-01 UTC. */
  readonly epochWall: number
}

/** Wall clock milliseconds of a monotonic instant. */
export function wallTime(clock: Clock, microseconds: number): number {
  return clock.epochWall + microseconds / 1000
}
