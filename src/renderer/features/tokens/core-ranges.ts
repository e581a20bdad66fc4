/** Core numbers as ranges: [1, 2, 3, 6] is `1–3, 6`. */
export function coreRanges(cores: readonly number[]): string {
  const sorted = cores.toSorted((a, b) => a - b)
  const ranges: string[] = []
  for (let start = 0; start < sorted.length; ) {
    let end = start
    while (sorted[end + 1] === (sorted[end] ?? 0) + 1) end += 1
    ranges.push(start === end ? `${sorted[start]}` : `${sorted[start]}–${sorted[end]}`)
    start = end + 1
  }
  return ranges.join(', ')
}
