import { useEffect, useRef } from 'react'
import type { RowPage, RowWindow } from './row-window.ts'
import { addRows, renewRows, type Selection, selectionMax, toggleRow } from './selection.ts'

export interface RowPickingOptions<Row extends object, Page extends RowPage<Row>> {
  readonly rows: RowWindow<Row, Page>
  readonly idOf: (row: Row) => string
  readonly selection: Selection<Row>
  readonly onSelectionChange: (selection: Selection<Row>) => void
  readonly onRangeFailed: (error: unknown) => void
}

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
  options: RowPickingOptions<Row, Page>,
): RowPicking {
  const newest = useRef(options)
  newest.current = options
  const start = useRef<RangeStart<Row> | null>(null)
  useEffect(() => {
    const { rows, idOf, selection, onSelectionChange } = options
    return rows.subscribe(() => {
      if (newest.current.selection.size === 0 || newest.current.selection !== selection) return
      const renewed = renewRows(selection, rows.cache.rows(), idOf)
      if (renewed !== selection) onSelectionChange(renewed)
    })
  }, [options])
  return {
    toggle(index) {
      const { rows, idOf, selection, onSelectionChange } = newest.current
      const row = rows.cache.get(index)
      if (row === undefined) return
      const next = toggleRow(selection, idOf(row), row)
      start.current = { index, before: next }
      onSelectionChange(next)
    },
    beginAt(index) {
      start.current = { index, before: newest.current.selection }
    },
    extendTo(index) {
      const { rows, idOf, onSelectionChange, onRangeFailed } = newest.current
      const from = start.current ?? { index, before: newest.current.selection }
      start.current = from
      const first = Math.min(from.index, index)
      const last = Math.min(Math.max(from.index, index), first + selectionMax - 1)
      rows.range({ first, last }).then((added) => {
        if (start.current === from) onSelectionChange(addRows(from.before, added, idOf))
      }, onRangeFailed)
    },
    moved(by) {
      if (start.current !== null) start.current = { ...start.current, index: Math.max(0, start.current.index + by) }
    },
  }
}
