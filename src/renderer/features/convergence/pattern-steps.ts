import type { PatternChangeInfo } from '../../../shared/contract/convergence.ts'

/** One stretch of time with one pattern; engine microseconds. */
export interface PatternStretch {
  readonly from: number
  readonly to: number
  readonly pattern: number
}

/** The patterns of one core between `start` and `now`, from its changes (oldest first) and what it is now. */
export function patternStretches(
  changes: readonly PatternChangeInfo[],
  core: number,
  current: number,
  start: number,
  now: number,
): PatternStretch[] {
  const own = changes.filter((change) => change.core === core && change.at > start)
  const stretches: PatternStretch[] = []
  let at = start
  let pattern = own[0]?.from ?? current
  for (const change of own) {
    stretches.push({ from: at, to: change.at, pattern })
    at = change.at
    pattern = change.to
  }
  stretches.push({ from: at, to: now, pattern })
  return stretches
}
