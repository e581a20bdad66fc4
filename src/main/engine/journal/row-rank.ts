/**
 * The sequences that hold the ranks `from` to `until` when everything is ordered by key, equal keys as they come. Finds the keys at
 * both ends by selection and sorts only what lies between: an order over a million rows costs a few passes, wherever the page is.
 */
export function ranked(sequences: Float64Array, keys: Float64Array, from: number, until: number): Float64Array {
  if (from >= until) return new Float64Array(0)
  if (keys.length <= few) return exact(sequences, keys, from, until)
  const near = nearRanks(sequences, keys, from, until)
  return exact(near.sequences, near.keys, from - near.below, until - near.below)
}

/** Fewer than these are put in order as they are. */
const few = 10_000
const buckets = 4096

/** What may hold these ranks, in two passes: keys are counted in buckets of equal width, and only the buckets in question are kept. */
function nearRanks(
  sequences: Float64Array,
  keys: Float64Array,
  from: number,
  until: number,
): { sequences: Float64Array; keys: Float64Array; below: number } {
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] ?? 0
    if (key < least) least = key
    if (key > most) most = key
  }
  const scale = most > least ? (buckets - 1) / (most - least) : 0
  const counts = new Uint32Array(buckets)
  for (let index = 0; index < keys.length; index++) {
    const bucket = Math.trunc(((keys[index] ?? 0) - least) * scale)
    counts[bucket] = (counts[bucket] ?? 0) + 1
  }
  let first = 0
  let below = 0
  for (; below + (counts[first] ?? 0) <= from; first++) below += counts[first] ?? 0
  let last = first
  let kept = counts[first] ?? 0
  while (below + kept < until) kept += counts[++last] ?? 0
  const near = { sequences: new Float64Array(kept), keys: new Float64Array(kept), below }
  let count = 0
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] ?? 0
    const bucket = Math.trunc((key - least) * scale)
    if (bucket < first || bucket > last) continue
    near.sequences[count] = sequences[index] ?? 0
    near.keys[count++] = key
  }
  return near
}

function exact(sequences: Float64Array, keys: Float64Array, from: number, until: number): Float64Array {
  const selection = keys.slice()
  const first = select(selection, from)
  const last = until - 1 === from ? first : select(selection, until - 1)
  let below = 0
  for (let index = 0; index < keys.length; index++) if ((keys[index] ?? 0) < first) below += 1
  const page = new Float64Array(until - from)
  // Equals of the first key come first; those that belong to earlier pages are passed over.
  let skip = from - below
  let count = 0
  const between: number[] = []
  const equalsOfLast: number[] = []
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] ?? 0
    if (key === first) {
      if (skip > 0) skip -= 1
      else if (count < page.length) page[count++] = sequences[index] ?? 0
    } else if (key > first && key < last) between.push(index)
    else if (key === last && equalsOfLast.length < page.length) equalsOfLast.push(index)
  }
  between.sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0) || a - b)
  for (const index of [...between, ...equalsOfLast]) if (count < page.length) page[count++] = sequences[index] ?? 0
  return page
}

/** The key of a rank; rearranges `keys`. Hoare's selection with the middle as pivot. */
function select(keys: Float64Array, rank: number): number {
  let low = 0
  let high = keys.length - 1
  while (low < high) {
    const pivot = keys[(low + high) >> 1] ?? 0
    let left = low
    let right = high
    while (left <= right) {
      while ((keys[left] ?? 0) < pivot) left += 1
      while ((keys[right] ?? 0) > pivot) right -= 1
      if (left > right) break
      const swapped = keys[left] ?? 0
      keys[left] = keys[right] ?? 0
      keys[right] = swapped
      left += 1
      right -= 1
    }
    if (rank <= right) high = right
    else if (rank >= left) low = left
    else break
  }
  return keys[rank] ?? 0
}
