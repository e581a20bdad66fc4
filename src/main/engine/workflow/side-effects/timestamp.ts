/** UTC without a zone, in microseconds, which are left out when there are none: `2026-01-01T00:00:01`. */
export function logTimestamp(wallMicroseconds: number): string {
  const microseconds = wallMicroseconds % 1_000_000
  const seconds = new Date((wallMicroseconds - microseconds) / 1000).toISOString().slice(0, 19)
  return microseconds === 0 ? seconds : `${seconds}.${String(microseconds).padStart(6, '0')}`
}
