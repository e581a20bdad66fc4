/**
 * How many places rows moved between two readings of a table, seen at the row nearest to `anchor` that both readings have.
 *
 * @param known index of each row in the reading before
 * @param ids rows of the new reading, in order
 * @param start index at which the first of `ids` was expected
 * @param anchor index of the row that must not move on the screen
 * @returns places, positive when rows came above; null when the readings have no row in common
 */
export function movedBy(
  known: ReadonlyMap<string, number>,
  ids: readonly string[],
  start: number,
  anchor: number,
): number | null {
  let nearest = Number.POSITIVE_INFINITY
  let moved: number | null = null
  ids.forEach((id, place) => {
    const before = known.get(id)
    if (before === undefined) return
    const distance = Math.abs(before - anchor)
    if (distance >= nearest) return
    nearest = distance
    moved = start + place - before
  })
  return moved
}
