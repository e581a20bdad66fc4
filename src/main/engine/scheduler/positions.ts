import type { Weight } from '../../../shared/model/token.ts'

/**
 * Staggered positions: the arithmetic by which the original spreads tokens over cores and workers
 * (shared specification of TokenGuard, section 5.3), with the pattern clamped to 1..W (its fault W11).
 *
 * C cores numbered from 1, W workers per core, T = C * W workers in all; worker w belongs to core floor(w / W) + 1.
 * Each core c keeps a counter n[c] that starts at (c - 1) * W and only grows; A[c] is its pattern.
 */

/** Counter of a core (1-based) before its first token. */
export function initialCounter(core: number, workersPerCore: number): number {
  return (core - 1) * workersPerCore
}

/** Position of the next token on a core: (c - 1) * W + n mod A + floor(n / A) * T. */
export function staggeredPosition(
  core: number,
  counter: number,
  pattern: number,
  workersPerCore: number,
  cores: number,
): number {
  const active = clampPattern(pattern, workersPerCore)
  return (core - 1) * workersPerCore + (counter % active) + Math.floor(counter / active) * cores * workersPerCore
}

/** Worker number, core and slot of a position. */
export function workerAt(
  position: number,
  workersPerCore: number,
  cores: number,
): { worker: number; core: number; slot: number } {
  const worker = position % (cores * workersPerCore)
  return { worker, core: Math.floor(worker / workersPerCore) + 1, slot: worker % workersPerCore }
}

export function clampPattern(pattern: number, workersPerCore: number): number {
  return Math.min(workersPerCore, Math.max(1, Math.trunc(pattern)))
}

/** First and last core a weight may use, both 1-based; with the fallbacks for machines of one or two cores (section 5.2). */
export function eligibleRange(weight: Weight, cores: number): { first: number; last: number } {
  if (weight === 'heavy') return { first: 1, last: 1 }
  const first = weight === 'medium' ? 2 : 3
  return { first: Math.min(first, cores), last: cores }
}
