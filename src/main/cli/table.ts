import { stripVTControlCharacters } from 'node:util'

export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
  /** Gives way when the terminal is too narrow; the others keep their width. */
  readonly flexible?: boolean
}

const gap = '  '
const narrowest = 8

/**
 * Rows under titles, each column as wide as its widest cell. Cells may be coloured but hold no line breaks. With a `width`
 * the flexible columns are cut, with an ellipsis, until a line fits; without one nothing is cut.
 */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number | null = null,
): string {
  const lines = [columns.map(({ title }) => title), ...rows]
  const widths = columns.map((_, index) => Math.max(...lines.map((cells) => visibleWidth(cells[index] ?? ''))))
  if (width !== null) narrow(columns, widths, width)
  return lines.map((cells) => formatLine(columns, cells, widths)).join('\n')
}

function formatLine(columns: readonly Column[], cells: readonly string[], widths: readonly number[]): string {
  const padded = columns.map((column, index) => {
    const limit = widths[index] ?? 0
    const cell = cut(cells[index] ?? '', limit)
    const space = ' '.repeat(limit - visibleWidth(cell))
    return column.align === 'right' ? space + cell : cell + space
  })
  return padded.join(gap).trimEnd()
}

/** Takes columns from the widest flexible one until the line fits or none can give way any more. */
function narrow(columns: readonly Column[], widths: number[], width: number): void {
  let excess = widths.reduce((sum, each) => sum + each, 0) + gap.length * (columns.length - 1) - width
  while (excess > 0) {
    const widest = widths.reduce(
      (best, each, index) => (columns[index]?.flexible && each > (widths[best] ?? narrowest) ? index : best),
      columns.findIndex(({ flexible }) => flexible),
    )
    const present = widths[widest]
    if (present === undefined || present <= narrowest) return
    widths[widest] = present - 1
    excess -= 1
  }
}

function cut(cell: string, width: number): string {
  if (visibleWidth(cell) <= width) return cell
  // Colours would be cut in the middle of a sequence.
  const characters = splitCharacters(stripVTControlCharacters(cell))
  let kept = ''
  for (const character of characters) {
    if (visibleWidth(kept + character) > width - 1) break
    kept += character
  }
  return `${kept}…`
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })
// East Asian wide and full-width forms and emoji take two cells (Unicode Standard Annex 11).
const wide =
  /^[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}]|^\p{Emoji_Presentation}/u

function splitCharacters(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment)
}

/** Cells that a terminal gives to the text. */
function visibleWidth(text: string): number {
  const plain = stripVTControlCharacters(text)
  // Nearly every cell is plain ASCII.
  if (/^[\x20-\x7E]*$/.test(plain)) return plain.length
  return splitCharacters(plain).reduce((sum, character) => sum + (wide.test(character) ? 2 : 1), 0)
}
