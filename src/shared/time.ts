/**
 * Time inside the engine: microseconds since the engine's epoch, monotonic, as float64.
 * A float64 tells nanoseconds apart in them for 104 days of uptime.
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
