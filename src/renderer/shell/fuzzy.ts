/**
 * How well `query` fits `text`: its characters must occur in order. Higher is better, null is no match. Runs, starts of
 * words and the start of the text count more; blanks in the query are ignored.
 */
export function fuzzyScore(query: string, text: string): number | null {
  const wanted = query.toLowerCase().replace(/\s+/g, '')
  const lower = text.toLowerCase()
  // Starts of words first; that can run past the only place of a later character, so then take the first of each.
  return (
    scoreAlong(wanted, text, (character, from, previous) => {
      if (previous >= 0 && lower[previous + 1] === character) return previous + 1
      for (let at = lower.indexOf(character, from); at >= 0; at = lower.indexOf(character, at + 1)) {
        if (isWordStart(text, at)) return at
      }
      return lower.indexOf(character, from)
    }) ?? scoreAlong(wanted, text, (character, from) => lower.indexOf(character, from))
  )
}

type Place = (character: string, from: number, previous: number) => number

function scoreAlong(wanted: string, text: string, place: Place): number | null {
  let score = 0
  let previous = -1
  for (const character of wanted) {
    const at = place(character, previous + 1, previous)
    if (at < 0) return null
    if (previous >= 0 && at === previous + 1) score += 5
    if (isWordStart(text, at)) score += 3
    if (at === 0) score += 2
    previous = at
  }
  return score - text.length / 100
}

function isWordStart(text: string, at: number): boolean {
  return at === 0 || /[\s._\-/:]/.test(text[at - 1] ?? '')
}

/** The items that match, best first; all of them, in their order, for an empty query. */
export function fuzzyFilter<Item>(
  items: readonly Item[],
  query: string,
  text: (item: Item) => string,
): readonly Item[] {
  if (query.trim() === '') return items
  return items
    .map((item, index) => ({ item, index, score: fuzzyScore(query, text(item)) }))
    .filter((entry): entry is { item: Item; index: number; score: number } => entry.score !== null)
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .map((entry) => entry.item)
}
