/** Points of size over time, oldest first. */
export interface SizePoint {
  readonly at: number
  readonly bytes: number
}

export interface Projection {
  readonly bytesPerDay: number | null
  readonly capAt: number | null
  readonly floorAt: number | null
}

const dayMs = 86_400_000
/** A shorter time says nothing about a day. */
const shortestMs = 3_600_000

/**
 * When a growing size reaches its cap, and the disk its floor, at the growth seen: the least-squares line through the points.
 * Nulls while too little was seen, or nothing grows. Times are milliseconds since 1970 UTC.
 */
export function projectGrowth(points: readonly SizePoint[], maxBytes: number, spareBytes: number): Projection {
  const newest = points.at(-1)
  const oldest = points[0]
  if (newest === undefined || oldest === undefined || newest.at - oldest.at < shortestMs) return unknown
  const slope = slopeOf(points)
  const reach = (room: number) => (slope > 0 ? newest.at + Math.max(0, room) / slope : null)
  return { bytesPerDay: slope * dayMs, capAt: reach(maxBytes - newest.bytes), floorAt: reach(spareBytes) }
}

const unknown: Projection = { bytesPerDay: null, capAt: null, floorAt: null }

/** Bytes per millisecond. */
function slopeOf(points: readonly SizePoint[]): number {
  const meanAt = points.reduce((sum, { at }) => sum + at, 0) / points.length
  const meanBytes = points.reduce((sum, { bytes }) => sum + bytes, 0) / points.length
  const covariance = points.reduce((sum, { at, bytes }) => sum + (at - meanAt) * (bytes - meanBytes), 0)
  const variance = points.reduce((sum, { at }) => sum + (at - meanAt) ** 2, 0)
  return variance === 0 ? 0 : covariance / variance
}
