/**
 * The sequences that hold the ranks `from` to `until` when everything is ordered by key, equal keys as they come. Finds the keys at
 * both ends by selection and sorts only what lies between: an order over a million rows costs a few passes, wherever the page is.
 */
export function ranked(sequences: Float64Array, keys: Float64Array, from: number, until: number): Float64Array {
  if (from >= until) return new Float64Array(0)
  const selection = keys.slice()
  const first = select(selection, from)
  const last = until - 1 === from ? first : select(selection, until - 1)
  let below = 0
  for (const key of keys) if (key < first) below += 1
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
