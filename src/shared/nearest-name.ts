/** A name this many edits away is taken for a slip of the hand, anything further for another word. */
const maxDistance = 3

/** The name of `names` that was probably meant by `typed`, or null when none is near. */
export function nearestName(typed: string, names: Iterable<string>): string | null {
  let nearest: string | null = null
  let smallest = Math.min(maxDistance, Math.ceil(typed.length / 3)) + 1
  for (const name of names) {
    if (Math.abs(name.length - typed.length) >= smallest) continue
    const distance = editDistance(typed.toLowerCase(), name.toLowerCase())
    if (distance < smallest) {
      nearest = name
      smallest = distance
    }
  }
  return nearest
}

/** Levenshtein distance, row by row (Wagner and Fischer, 1974). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let line = 1; line <= from.length; line++) {
    const next = [line]
    for (let column = 1; column <= to.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (from[line - 1] === to[column - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}
