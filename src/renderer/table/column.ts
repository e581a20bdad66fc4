import type { ReactNode } from 'react'
import { z } from 'zod'

/** One column of a table. `text` is what is copied; `cell` is what is seen, the same text when left out. */
export interface Column<Row> {
  readonly id: string
  readonly title: string
  /** Title in a copy, where it has to say more, such as the unit. */
  readonly copyTitle?: string
  /** Pixels. */
  readonly width: number
  readonly minWidth?: number
  /** Of the room that is left it takes its width times this; 1 when left out. For texts, which have more to show. */
  readonly growth?: number
  readonly align?: 'start' | 'end'
  readonly sortable?: boolean
  /** Always shown: the column that names the row. */
  readonly fixed?: boolean
  /** Not shown until a person chooses it. */
  readonly optional?: boolean
  readonly text: (row: Row) => string
  readonly cell?: (row: Row) => ReactNode
}

/** What a person changed about the columns; everything else is as the columns say. */
export interface ColumnLayout {
  /** Pixels by column. */
  readonly widths: Readonly<Record<string, number>>
  /** True is shown, false hidden. */
  readonly shown: Readonly<Record<string, boolean>>
}

export const untouchedLayout: ColumnLayout = { widths: {}, shown: {} }

const narrowest = 48
const widest = 1200

const storedLayout = z.object({
  widths: z.record(z.string(), z.number().min(narrowest).max(widest)),
  shown: z.record(z.string(), z.boolean()),
})

/** Reads a stored layout; anything else than one is as if nothing had been stored. */
export function parseLayout(stored: string | null): ColumnLayout {
  if (stored === null) return untouchedLayout
  try {
    return storedLayout.parse(JSON.parse(stored))
  } catch {
    // An older version or a person with an editor wrote it: the columns' own widths are a good start.
    return untouchedLayout
  }
}

export function isShown<Row>(column: Column<Row>, layout: ColumnLayout): boolean {
  return column.fixed === true || (layout.shown[column.id] ?? column.optional !== true)
}

export function visibleColumns<Row>(columns: readonly Column<Row>[], layout: ColumnLayout): readonly Column<Row>[] {
  return columns.filter((column) => isShown(column, layout))
}

export function toggleColumn<Row>(layout: ColumnLayout, column: Column<Row>): ColumnLayout {
  return { ...layout, shown: { ...layout.shown, [column.id]: !isShown(column, layout) } }
}

export function columnWidth<Row>(column: Column<Row>, layout: ColumnLayout): number {
  return layout.widths[column.id] ?? column.width
}

/** Keeps the width between the column's least and what still fits a screen. */
export function resizeColumn<Row>(layout: ColumnLayout, column: Column<Row>, width: number): ColumnLayout {
  const bounded = Math.round(Math.min(widest, Math.max(column.minWidth ?? narrowest, width)))
  return { ...layout, widths: { ...layout.widths, [column.id]: bounded } }
}

/** Back to the column's own width. */
export function resetColumnWidth<Row>(layout: ColumnLayout, column: Column<Row>): ColumnLayout {
  const { [column.id]: _removed, ...widths } = layout.widths
  return { ...layout, widths }
}

/** Name of the style property that holds `columnFlex` of a column. */
export function flexProperty<Row>(column: Column<Row>): `--${string}` {
  return `--column-${column.id}`
}

/**
 * Value for `flex`. Room that is left goes to all columns by their width and growth; a column that a person sized
 * keeps exactly that size. Rows are flex boxes and no grids: a browser lays them out in half the time.
 */
export function columnFlex<Row>(column: Column<Row>, layout: ColumnLayout): string {
  const sized = layout.widths[column.id]
  const share = column.width * (column.growth ?? 1)
  return sized === undefined ? `${share} 0 ${column.width}px` : `0 0 ${sized}px`
}

/** Least width of the whole table in pixels; below it the table scrolls sideways. */
export function totalWidth<Row>(columns: readonly Column<Row>[], layout: ColumnLayout): number {
  return columns.reduce((sum, column) => sum + columnWidth(column, layout), 0)
}
