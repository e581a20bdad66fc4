/** The word of `known` closest to `word`, or null when none is close enough to be a slip of the pen. Case and `_` do not count. */
export function nearestWord(word: string, known: readonly string[]): string | null {
  const wanted = foldedWord(word)
  let best: string | null = null
  // A third of the letters may differ: `hevy` finds `heavy`, `prority` does not find `weight`.
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1
  for (const candidate of known) {
    const distance = editDistance(wanted, foldedWord(candidate))
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** The word without regard to case and `_`: `queue_timeout` and `queueTimeout` are the same. */
export function foldedWord(word: string): string {
  return word.toLowerCase().replaceAll('_', '')
}

/** Levenshtein distance, one row at a time (Wagner and Fischer, 1974). */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let i = 0; i < left.length; i++) {
    const next = [i + 1]
    for (let j = 0; j < right.length; j++) {
      const substituted = (row[j] ?? 0) + (left[i] === right[j] ? 0 : 1)
      next.push(Math.min(substituted, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row[right.length] ?? 0
}
