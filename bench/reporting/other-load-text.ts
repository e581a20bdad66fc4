import { spreadOf } from './statistics.ts'

// From here on, figures on a small machine say more of the neighbours than of the pool.
export const disturbing = 0.2

/** One sentence on what else the machine did while it was measured. */
export function otherLoadText(coresUsed: readonly number[]): string {
  const { median, max } = spreadOf(coresUsed)
  const used = `Others used ${median.toFixed(2)} cores during the median measurement, ${max.toFixed(2)} at most`
  return median > disturbing ? `${used}: TOO MUCH, repeat it on a calm machine.` : `${used}.`
}
