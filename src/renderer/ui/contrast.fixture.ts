/** Relative luminance and contrast as WCAG 2.2 defines them. */

export interface Color {
  readonly red: number
  readonly green: number
  readonly blue: number
}

/** Reads `#rrggbb`. */
export function parseHex(text: string): Color {
  const value = Number.parseInt(text.slice(1), 16)
  return { red: (value >> 16) & 255, green: (value >> 8) & 255, blue: value & 255 }
}

export function contrast(a: Color, b: Color): number {
  const [lighter, darker] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (lighter + 0.05) / (darker + 0.05)
}

function luminance({ red, green, blue }: Color): number {
  const [r, g, b] = [red, green, blue].map((channel) => {
    const share = channel / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
