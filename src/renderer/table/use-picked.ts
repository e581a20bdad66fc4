import { useState, useSyncExternalStore } from 'react'
import { toErrorData } from '../../shared/errors.ts'
import { formatCount } from '../ui/format.ts'
import { useToasts } from '../ui/toast.tsx'
import type { RowPage, RowWindow } from './row-window.ts'
import { addRows, type Selection, selectionMax } from './selection.ts'

/** What is selected in a table, and how to select all of it. */
export function usePicked<Row extends object, Page extends RowPage<Row>>(
  rows: RowWindow<Row, Page>,
  idOf: (row: Row) => string,
) {
  const toasts = useToasts()
  const { count } = useSyncExternalStore(rows.subscribe, rows.snapshot)
  const [selection, setSelection] = useState<Selection<Row>>(new Map())
  const fail = (error: unknown) => {
    const { message, hint } = toErrorData(error)
    toasts.show({ tone: 'bad', title: `The rows could not be read: ${message}`, text: hint })
  }
  const most = Math.min(count, selectionMax)
  const selectEvery = () => {
    rows.range({ first: 0, last: most - 1 }).then((all) => setSelection(addRows(new Map(), all, idOf)), fail)
  }
  const checked = selection.size === 0 ? 'none' : selection.size >= most ? 'all' : 'some'
  return {
    selection,
    setSelection,
    selectEvery,
    fail,
    matched: count,
    selectAll: {
      checked,
      label: checked === 'all' ? 'Clear the selection' : `Select all ${formatCount(most)}`,
      onToggle: checked === 'all' ? () => setSelection(new Map()) : selectEvery,
    } as const,
  }
}
