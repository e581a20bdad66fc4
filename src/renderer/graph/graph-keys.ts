import type { GraphLayout } from './graph-shape.ts'

/** What a key means to a graph: to move the picture, to go to the next unit in a direction, or one of a few acts. */
export type GraphKey =
  | { readonly act: 'pan'; readonly x: number; readonly y: number }
  | { readonly act: 'go'; readonly x: number; readonly y: number }
  | { readonly act: 'fit' | 'open' | 'fold' | 'search' | 'closer' | 'wider' }

export interface PressedKey {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
}

const keys: Readonly<Record<string, GraphKey>> = {
  w: { act: 'pan', x: 0, y: 1 },
  s: { act: 'pan', x: 0, y: -1 },
  a: { act: 'pan', x: 1, y: 0 },
  d: { act: 'pan', x: -1, y: 0 },
  arrowup: { act: 'go', x: 0, y: -1 },
  arrowdown: { act: 'go', x: 0, y: 1 },
  arrowleft: { act: 'go', x: -1, y: 0 },
  arrowright: { act: 'go', x: 1, y: 0 },
  f: { act: 'fit' },
  u: { act: 'fold' },
  enter: { act: 'open' },
  ' ': { act: 'open' },
  '/': { act: 'search' },
  '+': { act: 'closer' },
  '=': { act: 'closer' },
  '-': { act: 'wider' },
}

/** Null for a key that means nothing here. */
export function graphKey({ key, ctrlKey, metaKey, altKey }: PressedKey): GraphKey | null {
  return ctrlKey || metaKey || altKey ? null : (keys[key.toLowerCase()] ?? null)
}

/** A unit that lies aside counts as this much farther than one straight ahead. */
const aside = 3

/** The nearest unit in a direction, where one lies straight ahead before one that lies aside; -1 for none. */
export function nextInDirection({ places }: GraphLayout, from: number, x: number, y: number): number {
  const fromX = places[from * 2] ?? 0
  const fromY = places[from * 2 + 1] ?? 0
  let nearest = -1
  let least = Number.POSITIVE_INFINITY
  for (let unit = 0; unit * 2 < places.length; unit++) {
    const alongX = (places[unit * 2] ?? 0) - fromX
    const alongY = (places[unit * 2 + 1] ?? 0) - fromY
    const ahead = alongX * x + alongY * y
    if (ahead <= 0) continue
    const distance = ahead + Math.abs(alongX * y + alongY * x) * aside
    if (distance >= least) continue
    least = distance
    nearest = unit
  }
  return nearest
}
