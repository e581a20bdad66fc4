import { formatBytes } from '../../ui/format.ts'
import { byteTicks } from './byte-ticks.ts'

/** An axis of words alone: the grid says the rest. */
export const plainAxis = { tickLine: false, axisLine: false, tick: { fill: 'var(--text-faint)', fontSize: 11 } }

/** An axis of bytes from 0, which ends at a whole step at `most` or above. */
export function byteAxis(most: number) {
  const ticks = byteTicks(most)
  return { ...plainAxis, width: 64, domain: [0, ticks.at(-1) ?? 0], ticks, tickFormatter: formatBytes }
}

export const plainTooltip = {
  isAnimationActive: false,
  separator: ' ',
  // It may reach out of its chart, above the rows of the table that follows.
  wrapperStyle: { zIndex: 2 },
  contentStyle: {
    padding: 'var(--space-2) var(--space-3)',
    border: '1px solid var(--hairline-strong)',
    borderRadius: 'var(--radius)',
    background: 'var(--surface-raised)',
    color: 'var(--text)',
  },
}
