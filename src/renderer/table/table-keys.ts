import type { KeyboardEvent } from 'react'
import { type GridCursor, moveCursor } from './grid-cursor.ts'
import type { RowPicking } from './row-picking.ts'

export interface TableKeyActions {
  readonly cursor: GridCursor | null
  readonly rowCount: number
  readonly columnCount: number
  readonly pageRows: number
  /** Row on which the keyboard starts. */
  readonly firstInSight: number
  readonly picking: RowPicking
  readonly picks: {
    readonly selection: ReadonlyMap<string, unknown>
    readonly onSelectionChange: (selection: Map<string, never>) => void
    readonly selectAll: { readonly onToggle: () => void }
    readonly onCopy: () => void
  } | null
  readonly onCursorChange: (cursor: GridCursor) => void
  readonly onOpen: (row: number) => void
}

/** What the keys of the grid do, as long as the grid itself has the focus and not a button in its header. */
export function handleTableKey(event: KeyboardEvent, actions: TableKeyActions): void {
  if (event.target !== event.currentTarget || event.altKey) return
  const handled = moveByKey(event, actions) || actByKey(event, actions)
  if (!handled) return
  event.preventDefault()
  event.stopPropagation()
}

function moveByKey(event: KeyboardEvent, actions: TableKeyActions): boolean {
  const { cursor, rowCount, columnCount, pageRows, firstInSight, picking } = actions
  const start = { row: firstInSight, column: 0 }
  const moved = moveCursor(cursor ?? start, event, { rows: rowCount, columns: columnCount, pageRows })
  if (moved === null) return false
  // The first arrow shows where the keyboard is; only the second moves it.
  const next = cursor === null && event.key.startsWith('Arrow') ? start : moved
  if (event.shiftKey) picking.extendTo(next.row)
  else picking.beginAt(next.row)
  actions.onCursorChange(next)
  return true
}

function actByKey(event: KeyboardEvent, actions: TableKeyActions): boolean {
  const { cursor, onOpen } = actions
  if (event.key === 'Enter' && cursor !== null) onOpen(cursor.row)
  else return pickByKey(event, actions)
  return true
}

function pickByKey(event: KeyboardEvent, { cursor, picks, picking }: TableKeyActions): boolean {
  if (picks === null) return false
  const control = event.ctrlKey || event.metaKey
  const hasSelection = picks.selection.size > 0
  if (control && event.key.toLowerCase() === 'a') picks.selectAll.onToggle()
  else if (control && event.key.toLowerCase() === 'c' && hasSelection) picks.onCopy()
  else if (event.key === 'Escape' && hasSelection) picks.onSelectionChange(new Map<string, never>())
  else if (event.key === ' ' && cursor !== null && event.shiftKey) picking.extendTo(cursor.row)
  else if (event.key === ' ' && cursor !== null) picking.toggle(cursor.row)
  else return false
  return true
}
