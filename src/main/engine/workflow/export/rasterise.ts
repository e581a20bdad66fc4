import { Resvg } from '@resvg/resvg-js'
import type { Lettering } from './run-picture.ts'

const mostPixels = 60_000_000

/** Turns an SVG into a PNG, twice as fine as it stands, or as fine as is sensible for a very large one. */
export function rasterise(svg: string): Uint8Array {
  const resvg = new Resvg(svg, { fitTo: { mode: 'original' } })
  const zoom = Math.min(2, Math.sqrt(mostPixels / (resvg.width * resvg.height)))
  return new Resvg(svg, { fitTo: { mode: 'zoom', value: zoom } }).render().asPng()
}

let known: Lettering | null = null

/** Whether a font of this machine can be drawn with: found out by drawing one letter. */
export function usableLettering(): Lettering {
  if (known !== null) return known
  const letter =
    '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24"><text x="4" y="20" font-family="Helvetica, Arial, sans-serif" font-size="20">X</text></svg>'
  const { pixels } = new Resvg(letter).render()
  known = pixels.some((value) => value !== 0) ? 'font' : 'blocks'
  return known
}
