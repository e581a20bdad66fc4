/** The span of time that the timeline shows. Times are engine microseconds. */
export interface TimelineWindow {
  /** Right edge; null follows the present. */
  readonly to: number | null
  readonly span: number
}

export interface TimeRange {
  readonly from: number
  readonly to: number
}

/** A clock tick of the engine is a tenth of a microsecond; below a few of those there is nothing to see. */
export const shortestSpan = 10
/** An hour. */
export const longestSpan = 3_600_000_000

/** The window with its right edge known. */
export function edges(window: TimelineWindow, now: number): TimeRange {
  const to = window.to ?? now
  return { from: to - window.span, to }
}

/** Makes the span `factor` times as long; the instant at `share` of the width (0..1) stays where it is. */
export function zoom(window: TimelineWindow, factor: number, share: number, now: number): TimelineWindow {
  const { from } = edges(window, now)
  const span = clamp(window.span * factor, shortestSpan, longestSpan)
  const still = from + window.span * share
  return settle({ to: still + span * (1 - share), span }, now, window.to === null && factor > 1)
}

/** Moves the window by a share of its own span; to the right at most to the present, which it then follows. */
export function pan(window: TimelineWindow, share: number, now: number): TimelineWindow {
  const { to } = edges(window, now)
  return settle({ to: to + window.span * share, span: window.span }, now, false)
}

/** A window that shows exactly this range. */
export function showRange({ from, to }: TimeRange, now: number): TimelineWindow {
  const span = clamp(to - from, shortestSpan, longestSpan)
  return settle({ to: (from + to + span) / 2, span }, now, false)
}

/** Nobody can look into the future: a window that reaches the present follows it. */
function settle(window: { readonly to: number; readonly span: number }, now: number, follow: boolean): TimelineWindow {
  return { to: follow || window.to >= now ? null : window.to, span: window.span }
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}

/** Instants at round distances (1, 2 or 5 times a power of ten) so that at most `atMost` of them lie in the range. */
export function ticks(
  { from, to }: TimeRange,
  atMost: number,
): { readonly at: readonly number[]; readonly step: number } {
  const rough = (to - from) / Math.max(1, atMost)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * (([1, 2, 5].find((digit) => digit * power >= rough) ?? 10) as number)
  const at: number[] = []
  for (let index = Math.ceil(from / step); index * step <= to; index++) at.push(index * step)
  return { at, step }
}
