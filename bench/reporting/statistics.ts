/** Several readings of one quantity. */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

export function spreadOf(readings: readonly number[]): Spread {
  return { median: quantile(readings, 0.5), min: Math.min(...readings), max: Math.max(...readings) }
}

/** Linear between the two nearest readings (Hyndman and Fan's type 7). NaN without readings. */
export function quantile(readings: readonly number[], share: number): number {
  const sorted = [...readings].sort((a, b) => a - b)
  const place = (sorted.length - 1) * share
  const below = sorted[Math.floor(place)] ?? Number.NaN
  const above = sorted[Math.ceil(place)] ?? Number.NaN
  return below + (above - below) * (place - Math.floor(place))
}
