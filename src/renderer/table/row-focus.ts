import type { KeyboardEvent, MouseEvent } from 'react'

/**
 * A table of rows with links and buttons is one stop of the Tab key; the arrow keys go through its rows, and to the right and
 * left through what is in a row. Give `opensRow` to the link or button that opens its row, `inRow` to the others.
 */
export const opensRow = { 'data-opens-row': '', tabIndex: -1 }
export const inRow = { tabIndex: -1 }

const rowSteps: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  PageDown: (at) => at + 10,
  PageUp: (at) => at - 10,
  Home: () => 0,
  End: (_at, last) => last,
}

export function moveInRows(event: KeyboardEvent<HTMLElement>): void {
  if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof Element)) return
  const row = event.target.closest('tr')
  const step = rowSteps[event.key]
  const next = step === undefined ? besideIn(row, event) : openerAt(event.currentTarget, row, step)
  if (next === null) return
  event.preventDefault()
  next.focus()
}

/** A click anywhere in a row is one on what opens it. */
export function openRow({ target }: MouseEvent<HTMLElement>): void {
  if (!(target instanceof Element) || target.closest('a, button') !== null) return
  // Dragging over a text to copy it ends with a click too.
  if (document.getSelection()?.isCollapsed === false) return
  openerIn(target.closest('tr'))?.click()
}

function openerIn(row: Element | null): HTMLElement | null {
  return row?.querySelector<HTMLElement>('[data-opens-row]') ?? null
}

function openerAt(
  table: HTMLElement,
  row: Element | null,
  step: (at: number, last: number) => number,
): HTMLElement | null {
  const openers = [...table.querySelectorAll<HTMLElement>('[data-opens-row]')]
  const here = openerIn(row)
  const at = here === null ? -1 : openers.indexOf(here)
  const last = openers.length - 1
  return openers[Math.max(0, Math.min(last, step(at, last)))] ?? null
}

function besideIn(row: Element | null, { key, target }: KeyboardEvent<HTMLElement>): HTMLElement | null {
  const step = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0
  if (row === null || step === 0 || !(target instanceof HTMLElement)) return null
  const controls = [...row.querySelectorAll<HTMLElement>('a, button')]
  return controls[controls.indexOf(target) + step] ?? null
}
