/** A place in either list, or in one of them only. */
export interface Pair {
  readonly left: number | null
  readonly right: number | null
}

// A table of this many cells is made in some milliseconds.
const mostCells = 4_000_000

/**
 * Aligns two lists so that as many equal items as possible stand beside each other, in order: what is alike at both ends
 * first, then the longest common subsequence of what is between; where that would take too long, the next item that is alike.
 */
export function align(left: readonly string[], right: readonly string[]): Pair[] {
  let start = 0
  while (start < left.length && start < right.length && left[start] === right[start]) start += 1
  let end = 0
  while (end < left.length - start && end < right.length - start && left.at(-1 - end) === right.at(-1 - end)) end += 1
  const middleLeft = left.slice(start, left.length - end)
  const middleRight = right.slice(start, right.length - end)
  const fits = middleLeft.length * middleRight.length <= mostCells
  const middle = fits ? alignExactly(middleLeft, middleRight) : alignGreedily(middleLeft, middleRight)
  return [
    ...Array.from({ length: start }, (_, index) => ({ left: index, right: index })),
    ...middle.map((pair) => ({ left: shifted(pair.left, start), right: shifted(pair.right, start) })),
    ...Array.from({ length: end }, (_, index) => ({
      left: left.length - end + index,
      right: right.length - end + index,
    })),
  ]
}

function shifted(index: number | null, by: number): number | null {
  return index === null ? null : index + by
}

function alignExactly(left: readonly string[], right: readonly string[]): Pair[] {
  const width = right.length + 1
  // Longest common subsequence of what is left of both lists from (row, column) on.
  const longest = new Uint32Array((left.length + 1) * width)
  const at = (row: number, column: number): number => longest[row * width + column] ?? 0
  for (let row = left.length - 1; row >= 0; row -= 1) {
    for (let column = right.length - 1; column >= 0; column -= 1) {
      const alike = left[row] === right[column]
      longest[row * width + column] = alike
        ? at(row + 1, column + 1) + 1
        : Math.max(at(row + 1, column), at(row, column + 1))
    }
  }
  const pairs: Pair[] = []
  let row = 0
  let column = 0
  while (row < left.length || column < right.length) {
    const both = row < left.length && column < right.length
    if (both && left[row] === right[column]) pairs.push({ left: row++, right: column++ })
    else if (row < left.length && (!both || at(row + 1, column) >= at(row, column + 1)))
      pairs.push({ left: row++, right: null })
    else pairs.push({ left: null, right: column++ })
  }
  return pairs
}

function alignGreedily(left: readonly string[], right: readonly string[]): Pair[] {
  const places = new Map<string, number[]>()
  for (const [index, item] of right.entries()) {
    const known = places.get(item)
    if (known === undefined) places.set(item, [index])
    else known.push(index)
  }
  const pairs: Pair[] = []
  let column = 0
  for (const [row, item] of left.entries()) {
    const next = places.get(item)?.find((index) => index >= column)
    if (next === undefined) {
      pairs.push({ left: row, right: null })
      continue
    }
    while (column < next) pairs.push({ left: null, right: column++ })
    pairs.push({ left: row, right: column++ })
  }
  while (column < right.length) pairs.push({ left: null, right: column++ })
  return pairs
}
