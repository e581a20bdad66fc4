/** Where the keyboard is in a grid; both from 0. */
export interface GridCursor {
  readonly row: number
  readonly column: number
}

export interface GridSize {
  readonly rows: number
  readonly columns: number
  /** Rows that fit on the screen. */
  readonly pageRows: number
}

export interface PressedKey {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
}

type Move = (cursor: GridCursor, size: GridSize) => GridCursor

/** Keys as in the ARIA authoring practices for grids (https://www.w3.org/WAI/ARIA/apg/patterns/grid/). */
const moves: Readonly<Record<string, Move>> = {
  ArrowDown: ({ row, column }) => ({ row: row + 1, column }),
  ArrowUp: ({ row, column }) => ({ row: row - 1, column }),
  ArrowRight: ({ row, column }) => ({ row, column: column + 1 }),
  ArrowLeft: ({ row, column }) => ({ row, column: column - 1 }),
  // One row of the page before stays in sight, to keep the place.
  PageDown: ({ row, column }, { pageRows }) => ({ row: row + Math.max(1, pageRows - 1), column }),
  PageUp: ({ row, column }, { pageRows }) => ({ row: row - Math.max(1, pageRows - 1), column }),
  // A table of 100,000 rows and nine columns: people who press End mean the last row.
  Home: ({ column }) => ({ row: 0, column }),
  End: ({ column }, { rows }) => ({ row: rows - 1, column }),
}

const movesWithControl: Readonly<Record<string, Move>> = {
  Home: () => ({ row: 0, column: 0 }),
  End: (_, { rows, columns }) => ({ row: rows - 1, column: columns - 1 }),
  ArrowDown: ({ column }, { rows }) => ({ row: rows - 1, column }),
  ArrowUp: ({ column }) => ({ row: 0, column }),
  ArrowRight: ({ row }, { columns }) => ({ row, column: columns - 1 }),
  ArrowLeft: ({ row }) => ({ row, column: 0 }),
}

/** Where a key leads; null when the key moves nothing. Never leaves the grid. */
export function moveCursor(cursor: GridCursor, pressed: PressedKey, size: GridSize): GridCursor | null {
  const move = (pressed.ctrlKey || pressed.metaKey ? movesWithControl : moves)[pressed.key]
  if (move === undefined || size.rows === 0) return null
  const { row, column } = move(cursor, size)
  return { row: within(row, size.rows), column: within(column, size.columns) }
}

function within(index: number, length: number): number {
  return Math.max(0, Math.min(length - 1, index))
}
