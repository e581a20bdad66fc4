/** A name this many edits away is taken for a slip of the hand, anything further for another word. */
const maxDistance = 3

/** The name of `names` that was probably meant by `typed`, or null when none is near. Case and `_` do not count. */
export function nearestName(typed: string, names: Iterable<string>): string | null {
  const wanted = folded(typed)
  let nearest: string | null = null
  let smallest = Math.min(maxDistance, Math.ceil(wanted.length / 3)) + 1
  for (const name of names) {
    const candidate = folded(name)
    if (Math.abs(candidate.length - wanted.length) >= smallest) continue
    const distance = editDistance(wanted, candidate)
    if (distance < smallest) {
      nearest = name
      smallest = distance
    }
  }
  return nearest
}

function folded(name: string): string {
  return name.toLowerCase().replaceAll('_', '')
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
