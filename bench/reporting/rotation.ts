/** The same entries, begun `by` places later: in another round another one comes first. */
export function rotate<T>(entries: readonly T[], by: number): T[] {
  const start = by % entries.length
  return [...entries.slice(start), ...entries.slice(0, start)]
}
