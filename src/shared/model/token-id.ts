/**
 * A token's id: `{operation type}_{creation, unix nanoseconds}_{sequence}`, the original's form. The sequence alone tells tokens
 * of one host apart, the time those of two hosts or two starts.
 *
 * @param createdAt microseconds since the engine's epoch
 * @param epochWall wall clock of the epoch, milliseconds since 1970 UTC
 */
export function tokenId(operationType: string, createdAt: number, epochWall: number, sequence: number): string {
  // In two parts: nanoseconds since 1970 do not fit a float64.
  const nanoseconds = BigInt(Math.trunc(epochWall)) * 1_000_000n + BigInt(Math.round(createdAt * 1000))
  return `${operationType}_${nanoseconds}_${sequence}`
}

/** The sequence in an id, or null when it is not of that form. The caller still has to compare the whole id. */
export function sequenceOf(id: string): number | null {
  const match = /_\d+_(\d{1,15})$/.exec(id)
  return match?.[1] === undefined ? null : Number(match[1])
}
