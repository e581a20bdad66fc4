/** What is known of the heaps of workers since the limit was set. Sizes in MiB. */
export interface HeapFacts {
  readonly limit: number
  /** Range of the option. */
  readonly minimum: number
  readonly maximum: number
  /** Largest heap in use that was seen; 0 for none. */
  readonly peak: number
  /** How often a heap was looked at while a token ran. */
  readonly samples: number
  /** Threads that were ended because they went beyond the limit. */
  readonly overruns: number
}

export interface HeapProposal {
  readonly kind: 'raise' | 'lower' | 'hold' | 'learning'
  /** What the limit should be; the present one where nothing is to be changed. */
  readonly heapMiB: number
  /** One sentence. */
  readonly reason: string
}

/** Looks at 50 ms apart: half a minute of running tokens. */
export const samplesToLearn = 600
/** V8 collects late: a heap needs room beyond what is in use. */
const headroom = 2
const step = 16
/** Nobody gains from less, and modules have to fit. */
const smallest = 64
/** A smaller change is not worth new threads. */
const worthwhile = 0.75

/**
 * Proposes a heap limit for worker threads from what was measured. The original proposes a budget of megabytes for each operation from the
 * complexity of its code, in steps of 1 to 5 percent, and enforces nothing; threads run operations of every kind, so the limit that can be
 * enforced is the thread's, and what decides is the heap that was seen. As there, a step down takes at most half, and the next needs
 * new evidence; a failure gives back at once.
 */
export function proposeHeap(facts: HeapFacts): HeapProposal {
  const { limit, minimum, maximum, peak, samples, overruns } = facts
  const within = (heapMiB: number) => Math.min(maximum, Math.max(minimum, Math.ceil(heapMiB / step) * step))
  const seen = `the largest heap in use was ${peak.toFixed(0)} MiB`
  if (overruns > 0) {
    const heapMiB = within(Math.max(limit, peak) * headroom)
    if (heapMiB > limit)
      return { kind: 'raise', heapMiB, reason: `${times(overruns)} a worker needed more than ${limit} MiB.` }
    return {
      kind: 'hold',
      heapMiB: limit,
      reason: `${times(overruns)} a worker needed more than ${limit} MiB, which is the most there can be.`,
    }
  }
  const fitting = within(Math.max(smallest, peak * headroom))
  if (peak > limit * worthwhile && fitting > limit) {
    return { kind: 'raise', heapMiB: fitting, reason: `Little is left: ${seen} of ${limit}.` }
  }
  if (samples < samplesToLearn) {
    return {
      kind: 'learning',
      heapMiB: limit,
      reason: `Heaps were looked at ${samples} times while tokens ran; ${samplesToLearn} are enough for a proposal.`,
    }
  }
  const lower = Math.max(fitting, within(limit / 2))
  if (lower <= limit * worthwhile) {
    return {
      kind: 'lower',
      heapMiB: lower,
      reason: `In ${samples.toLocaleString('en')} looks ${seen}; twice of it is enough.`,
    }
  }
  return { kind: 'hold', heapMiB: limit, reason: `In ${samples.toLocaleString('en')} looks ${seen}: the limit fits.` }
}

function times(count: number): string {
  return count === 1 ? 'Once' : `${count} times`
}
