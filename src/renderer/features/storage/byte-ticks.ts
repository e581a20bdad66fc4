const mostTicks = 5

/** Where an axis of bytes from 0 is marked: even steps that read well in binary units, the last one at `most` or above. */
export function byteTicks(most: number): number[] {
  const atLeast = Math.max(1, most / (mostTicks - 1))
  const unit = 1024 ** Math.floor(Math.log2(atLeast) / 10)
  const step = unit * (steps.find((count) => count * unit >= atLeast) ?? 1024)
  return Array.from({ length: Math.max(1, Math.ceil(most / step)) + 1 }, (_, index) => index * step)
}

const steps = [1, 2, 5, 10, 20, 50, 100, 200, 256, 512] as const
