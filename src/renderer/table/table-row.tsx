// biome-ignore-all lint/a11y/useSemanticElements: elements of a table cannot be laid out as a window on its rows
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names its row by aria-activedescendant
import { Check } from 'lucide-react'
import { memo, type ReactElement, useRef } from 'react'
import { classNames } from '../ui/class-names.ts'
import { type Column, flexProperty } from './column.ts'
import styles from './table.module.css'

export interface TableRowProps<Row> {
  /** Undefined while it is being read. */
  readonly row: Row | undefined
  readonly index: number
  readonly start: number
  readonly columns: readonly Column<Row>[]
  /** Null in a table without selection. */
  readonly selected: boolean | null
  readonly opened: boolean
  /** Column of the keyboard's cursor when it is in this row, else null. */
  readonly cursorColumn: number | null
  /** DOM id of the cell under that cursor; the others need none. */
  readonly cursorCellId: string | undefined
}

// The header is row 1 of the grid, and the box that selects the row is column 1 where there is one.
const firstRowNumber = 2

function PlainTableRow<Row>(props: TableRowProps<Row>): ReactElement {
  const { row, index, start, columns, selected, opened, cursorColumn, cursorCellId } = props
  const firstColumnNumber = selected === null ? 1 : 2
  // While a row is read its place keeps the elements of the row before it, unseen: to fill them again takes half as long.
  const shown = useRef(row)
  shown.current = row ?? shown.current
  const content = shown.current
  return (
    <div
      role="row"
      aria-rowindex={index + firstRowNumber}
      aria-selected={selected ?? undefined}
      aria-busy={row === undefined || undefined}
      data-index={index}
      className={classNames(
        styles.row,
        selected === true && styles.selected,
        opened && styles.opened,
        cursorColumn !== null && styles.cursorRow,
      )}
      style={{ transform: `translateY(${start}px)` }}
    >
      {selected === null ? null : <CheckCell selected={selected} />}
      {columns.map((column, place) => (
        <div
          key={column.id}
          role="gridcell"
          id={cursorColumn === place ? cursorCellId : undefined}
          aria-colindex={firstColumnNumber + place}
          style={{ flex: `var(${flexProperty(column)})` }}
          className={classNames(
            styles.cell,
            column.align === 'end' && styles.end,
            cursorColumn === place && styles.cursorCell,
          )}
        >
          {content === undefined ? null : (column.cell?.(content) ?? column.text(content))}
        </div>
      ))}
    </div>
  )
}

function CheckCell({ selected }: { readonly selected: boolean }) {
  return (
    <div role="gridcell" aria-colindex={1} className={styles.checkCell} data-part="check">
      <span className={styles.check}>{selected ? <Check size={12} strokeWidth={3} aria-hidden="true" /> : null}</span>
      <span className="visually-hidden">{selected ? 'selected' : 'not selected'}</span>
    </div>
  )
}

/** Drawn again only when something of the row changed: a scroll must not draw rows that only moved. */
export const TableRow = memo(PlainTableRow) as typeof PlainTableRow
