import type { Weight } from './token.ts'

/**
 * Weight of an operation that declares none: `heavy` or `light` as a whole word of its name (`image.heavy`, `heavy_sum`,
 * `heavySum`), else medium. Never as part of another word: `highlight` and `flight` are medium.
 */
export function inferWeight(operationType: string): Weight {
  const words = operationType
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
  if (words.includes('heavy')) return 'heavy'
  return words.includes('light') ? 'light' : 'medium'
}
