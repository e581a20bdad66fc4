import type { ReactNode } from 'react'
import { classNames } from '../ui/class-names.ts'
import styles from './data-table.module.css'
import { moveInRows, openRow } from './row-focus.ts'

export interface DataColumn<Row> {
  readonly title: string
  /** In a table that is a page: as in CSS; what is left goes to the columns without one. */
  readonly width?: string
  readonly number?: boolean
  readonly mono?: boolean
  /** Cut after some words, so that one long name does not push the others out of sight. */
  readonly short?: boolean
  /** Stays in sight at the end of the row, however narrow the window: for what one acts with. */
  readonly pinned?: boolean
  /** Names the row. */
  readonly names?: boolean
  /** The whole text of a cell that may be cut. */
  readonly whole?: (row: Row) => string
  readonly cell: (row: Row) => ReactNode
}

export interface DataTableProps<Row> {
  readonly label: string
  readonly columns: readonly DataColumn<Row>[]
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row, index: number) => string | number
  /** panel: as wide as its words need, within a panel. page: fills the page. */
  readonly fills?: 'panel' | 'page'
  readonly isOpen?: (row: Row) => boolean
}

/** A table whose rows are all there: for tens or hundreds of them. It scrolls within itself; row-focus.ts tells of its keys. */
export function DataTable<Row>({ label, columns, rows, keyOf, fills = 'panel', isOpen }: DataTableProps<Row>) {
  return (
    <section
      className={styles[fills]}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={`Rows: ${label}`}
      onKeyDown={moveInRows}
    >
      <table className={styles.table}>
        <caption className="visually-hidden">{label}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.title} scope="col" className={classOf(column)} style={{ width: column.width }}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: a row is opened by the link or button in it, which keys reach */}
        <tbody onClick={openRow}>
          {rows.map((row, index) => (
            <tr key={keyOf(row, index)} className={classNames(isOpen?.(row) === true && styles.opened)}>
              {columns.map((column) => (
                <Cell key={column.title} column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Cell<Row>({ column, row }: { readonly column: DataColumn<Row>; readonly row: Row }) {
  const props = { className: classOf(column), title: column.whole?.(row) }
  if (column.names === true) {
    return (
      <th scope="row" {...props}>
        {column.cell(row)}
      </th>
    )
  }
  return <td {...props}>{column.cell(row)}</td>
}

const marks = ['number', 'pinned', 'mono', 'short'] as const

function classOf(column: Pick<DataColumn<never>, (typeof marks)[number]>): string | undefined {
  return classNames(...marks.map((mark) => column[mark] === true && styles[mark])) || undefined
}
