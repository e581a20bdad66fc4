import type { RowRange } from './row-cache.ts'

/** By slot, the index of the row that its element shows. */
export type RowSlots = readonly number[]

/**
 * Gives each row of `drawn` a slot. A row that has one keeps it; the others take slots of rows that are drawn no more, since
 * an element that is filled anew costs a third of one that is made anew. Slots that are left keep the row they have, out of
 * sight, until they are needed. `count` is the number of all rows.
 */
export function assignSlots(slots: RowSlots, drawn: RowRange, count: number): RowSlots {
  const isDrawn = (index: number) => index >= drawn.first && index <= drawn.last
  const next = slots.filter((index) => index < count)
  const shown = new Set(next)
  const free = [...next.keys()].filter((slot) => !isDrawn(next[slot] ?? 0))
  for (let index = drawn.first; index <= drawn.last; index++) {
    if (!shown.has(index)) next[free.pop() ?? next.length] = index
  }
  return next
}
