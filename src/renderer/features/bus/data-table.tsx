import type { ReactNode } from 'react'
import styles from './bus-page.module.css'

export interface Column<Row> {
  readonly title: string
  readonly number?: boolean
  /** Stays in sight at the end of the row, however narrow the window: for what one acts with. */
  readonly pinned?: boolean
  readonly cell: (row: Row) => ReactNode
}

export interface DataTableProps<Row> {
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row, index: number) => string
  /** Said when there are no rows. */
  readonly empty: string
}

/** A small table of the bus page; it scrolls within itself. */
export function DataTable<Row>({ label, columns, rows, keyOf, empty }: DataTableProps<Row>) {
  if (rows.length === 0) return <p className={styles.quiet}>{empty}</p>
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.frame} tabIndex={0} aria-label={label}>
      <table className={styles.table}>
        <caption className="visually-hidden">{label}</caption>
        <thead>
          <tr>
            {columns.map(({ title, ...column }) => (
              <th key={title} scope="col" className={classOf(column)}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={keyOf(row, index)}>
              {columns.map(({ title, cell, ...column }) => (
                <td key={title} className={classOf(column)}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function classOf({ number, pinned }: Pick<Column<never>, 'number' | 'pinned'>): string | undefined {
  if (number === true) return styles.number
  return pinned === true ? styles.pinned : undefined
}
