import { useEffect, useRef } from 'react'
import type { RowPage, RowWindow } from './row-window.ts'
import { addRows, renewRows, type Selection, selectionMax, toggleRow } from './selection.ts'

export interface RowPicks<Row> {
  readonly selection: Selection<Row>
  readonly onSelectionChange: (selection: Selection<Row>) => void
  readonly onRangeFailed: (error: unknown) => void
}

/** Does nothing in a table without selection. */
export interface RowPicking {
  /** Takes one row in or out; a range extends from it next. */
  toggle(index: number): void
  /** What was selected before the range began, and every row from there to here. */
  extendTo(index: number): void
  /** Where a range begins that nothing was toggled before. */
  beginAt(index: number): void
  /** Rows got an index greater by this number. */
  moved(by: number): void
}

interface RangeStart<Row> {
  readonly index: number
  readonly before: Selection<Row>
}

/** Selecting rows by click and by key, also ranges over rows that were never read. */
export function useRowPicking<Row extends object, Page extends RowPage<Row>>(
  rows: RowWindow<Row, Page>,
  idOf: (row: Row) => string,
  picks: RowPicks<Row> | null,
): RowPicking {
  const newest = useRef(picks)
  newest.current = picks
  const start = useRef<RangeStart<Row> | null>(null)
  useEffect(
    () =>
      rows.subscribe(() => {
        if (newest.current === null || newest.current.selection.size === 0) return
        const { selection, onSelectionChange } = newest.current
        const renewed = renewRows(selection, rows.cache.rows(), idOf)
        if (renewed !== selection) onSelectionChange(renewed)
      }),
    [rows, idOf],
  )
  return {
    toggle(index) {
      const row = rows.cache.get(index)
      if (newest.current === null || row === undefined) return
      const next = toggleRow(newest.current.selection, idOf(row), row)
      start.current = { index, before: next }
      newest.current.onSelectionChange(next)
    },
    beginAt(index) {
      if (newest.current !== null) start.current = { index, before: newest.current.selection }
    },
    extendTo(index) {
      if (newest.current === null) return
      const { onSelectionChange, onRangeFailed } = newest.current
      const from = start.current ?? { index, before: newest.current.selection }
      start.current = from
      const first = Math.min(from.index, index)
      const last = Math.min(Math.max(from.index, index), first + selectionMax - 1)
      rows.range({ first, last }).then((added) => {
        // Another range may have begun while this one was read.
        if (start.current === from) onSelectionChange(addRows(from.before, added, idOf))
      }, onRangeFailed)
    },
    moved(by) {
      if (start.current !== null) start.current = { ...start.current, index: Math.max(0, start.current.index + by) }
    },
  }
}
