import { edgesFrom, topologicalOrder } from './topological-order.ts'

/**
 * Puts units together that may be drawn as one box. No way leads out of a box and back into it, for then it would stand both
 * before and behind the same unit. Goes through the graph once, in topological order, and begins another box where a way
 * would come back. By unit: the number of its box, -1 for none. Units on a circle are in none.
 */
export function foldBands(count: number, ends: Int32Array, foldable: (unit: number) => boolean): Int32Array {
  const { starts, targets } = edgesFrom(count, ends)
  const bands = new Int32Array(count).fill(-1)
  /** Newest box that leads here by an edge, and by a way through something outside of it. */
  const fromBand = new Int32Array(count).fill(-1)
  const fromOutside = new Int32Array(count).fill(-1)
  let band = 0
  for (const unit of topologicalOrder(count, ends)) {
    const comesBack = fromOutside[unit] === band
    const folds = foldable(unit)
    if (folds) {
      if (comesBack) band += 1
      bands[unit] = band
    }
    const outside = !folds && (comesBack || fromBand[unit] === band)
    for (let edge = starts[unit] ?? 0; edge < (starts[unit + 1] ?? 0); edge++) {
      const next = targets[edge] ?? 0
      if (folds) fromBand[next] = band
      else if (outside) fromOutside[next] = band
    }
  }
  return bands
}
