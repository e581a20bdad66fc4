import type { Weight } from '../../../shared/model/token.ts'
import { clampPattern, eligibleRange, staggeredPosition, workerAt } from './positions.ts'

/** What a strategy sees of one core. Counters and load are as of now. */
export interface CoreLoad {
  /** 1-based. */
  readonly core: number
  /** Tokens placed here so far plus the initial counter: n[c] of the position arithmetic. */
  readonly counter: number
  /** Workers that routing may use. */
  readonly pattern: number
  /** Tokens in the core's mailboxes, the running ones included. */
  readonly load: number
  /** True when none of its active mailboxes has room. */
  readonly full: boolean
}

export interface LoadSnapshot {
  readonly workersPerCore: number
  /** cores[c - 1] is core c. */
  readonly cores: readonly CoreLoad[]
}

export interface RoutingDecision {
  readonly core: number
  readonly slot: number
  readonly position: number
}

/** A pure function from what is known to where the token goes; null when no core of its range has room. */
export type RoutingStrategy = (snapshot: LoadSnapshot, weight: Weight) => RoutingDecision | null

export const strategyNames = ['staggered', 'counting'] as const
export type StrategyName = (typeof strategyNames)[number]

/**
 * Least loaded core of the range first; among equals the staggered order. With all loads equal this is exactly the original's
 * choice; with unequal ones it mends its blindness to load (fault W6).
 */
export const staggered: RoutingStrategy = (snapshot, weight) => choose(snapshot, weight, isLessLoaded)

/** The original's choice, by count of past placements alone; here to compare with. */
export const counting: RoutingStrategy = (snapshot, weight) => choose(snapshot, weight, hasSmallerCounter)

export const strategies: Readonly<Record<StrategyName, RoutingStrategy>> = { staggered, counting }

function choose(
  snapshot: LoadSnapshot,
  weight: Weight,
  isBetter: (candidate: CoreLoad, best: CoreLoad) => boolean,
): RoutingDecision | null {
  const { cores, workersPerCore } = snapshot
  const { first, last } = eligibleRange(weight, cores.length)
  let best: CoreLoad | null = null
  for (let number = first; number <= last; number++) {
    const candidate = cores[number - 1]
    if (candidate === undefined || candidate.full) continue
    if (best === null || isBetter(candidate, best)) best = candidate
  }
  return best === null ? null : placeOn(best, workersPerCore, cores.length)
}

/** The staggered position on a core that has been chosen already. */
export function placeOn(core: CoreLoad, workersPerCore: number, cores: number): RoutingDecision {
  const pattern = clampPattern(core.pattern, workersPerCore)
  const position = staggeredPosition(core.core, core.counter, pattern, workersPerCore, cores)
  return { core: core.core, slot: workerAt(position, workersPerCore, cores).slot, position }
}

// Ties go to the lowest core: candidates come in ascending order and only a strictly better one replaces the best.
function isLessLoaded(candidate: CoreLoad, best: CoreLoad): boolean {
  return candidate.load < best.load || (candidate.load === best.load && candidate.counter < best.counter)
}

function hasSmallerCounter(candidate: CoreLoad, best: CoreLoad): boolean {
  return candidate.counter < best.counter
}
