/** A part of a run in time, microseconds since its beginning; null: all of it. */
export type TimelineRange = readonly [from: number, to: number] | null

/** Shorter than this nothing of a run can be told apart, microseconds. */
const shortest = 10

/** The part that is `factor` times as long, around a moment that keeps its place; null when that is all of the run. */
export function zoomed(range: TimelineRange, span: number, factor: number, around: number): TimelineRange {
  const [from, to] = range ?? [0, span]
  const length = Math.max(shortest, (to - from) * factor)
  if (length >= span) return null
  const share = (around - from) / Math.max(1, to - from)
  const start = Math.min(Math.max(0, around - share * length), span - length)
  return [start, start + length]
}

/** The part of the same length that begins a share of it later, or earlier. */
export function shifted(range: TimelineRange, span: number, share: number): TimelineRange {
  if (range === null) return null
  const [from, to] = range
  const length = to - from
  const start = Math.min(Math.max(0, from + share * length), span - length)
  return [start, start + length]
}

/** Round moments of a part, in order, at most about `count` of them. */
export function ticksOf(from: number, to: number, count: number): readonly number[] {
  const rough = Math.max(1e-3, (to - from) / Math.max(1, count))
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 5, 10].find((times) => times * power >= rough) ?? 10) * power
  const ticks: number[] = []
  for (let tick = Math.ceil(from / step); tick * step <= to; tick++) ticks.push(tick * step)
  return ticks
}
