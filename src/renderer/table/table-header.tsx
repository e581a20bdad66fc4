// biome-ignore-all lint/a11y/useSemanticElements: elements of a table cannot be laid out as a window on its rows
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names its row by aria-activedescendant
import { ArrowDown, ArrowUp, Check, Minus } from 'lucide-react'
import type { KeyboardEvent, PointerEvent } from 'react'
import { classNames } from '../ui/class-names.ts'
import { type Column, type ColumnLayout, columnWidth, flexProperty, resetColumnWidth, resizeColumn } from './column.ts'
import styles from './table.module.css'

export interface TableSort {
  readonly by: string
  readonly direction: 'ascending' | 'descending'
}

export interface SelectAllState {
  readonly checked: 'none' | 'some' | 'all'
  readonly label: string
  readonly onToggle: () => void
}

export interface TableHeaderProps<Row> {
  readonly columns: readonly Column<Row>[]
  readonly layout: ColumnLayout
  readonly onLayoutChange: (layout: ColumnLayout) => void
  readonly sort: TableSort | null
  readonly onSortChange: (sort: TableSort) => void
  readonly selectAll: SelectAllState | null
}

const keyboardStep = 16

export function TableHeader<Row>(props: TableHeaderProps<Row>) {
  const { columns, selectAll } = props
  const firstColumnNumber = selectAll === null ? 1 : 2
  return (
    <div role="rowgroup" className={styles.header}>
      <div role="row" aria-rowindex={1} className={styles.headerRow}>
        {selectAll === null ? null : <SelectAllCell {...selectAll} />}
        {columns.map((column, place) => (
          <HeaderCell key={column.id} {...props} column={column} colIndex={firstColumnNumber + place} />
        ))}
      </div>
    </div>
  )
}

function SelectAllCell({ checked, label, onToggle }: SelectAllState) {
  return (
    <div role="columnheader" aria-colindex={1} className={styles.checkCell}>
      <button
        type="button"
        role="checkbox"
        aria-checked={checked === 'some' ? 'mixed' : checked === 'all'}
        aria-label={label}
        title={label}
        className={classNames(styles.checkButton, checked !== 'none' && styles.checked)}
        onClick={onToggle}
      >
        <span className={styles.check}>
          {checked === 'all' ? <Check size={12} strokeWidth={3} aria-hidden="true" /> : null}
          {checked === 'some' ? <Minus size={12} strokeWidth={3} aria-hidden="true" /> : null}
        </span>
      </button>
    </div>
  )
}

interface HeaderCellProps<Row> extends TableHeaderProps<Row> {
  readonly column: Column<Row>
  readonly colIndex: number
}

function HeaderCell<Row>({ column, colIndex, layout, onLayoutChange, sort, onSortChange }: HeaderCellProps<Row>) {
  const direction = sort?.by === column.id ? sort.direction : null
  const className = classNames(styles.headerCell, column.align === 'end' && styles.end)
  return (
    <div
      role="columnheader"
      aria-colindex={colIndex}
      aria-sort={column.sortable === true ? (direction ?? 'none') : undefined}
      className={className}
      style={{ flex: `var(${flexProperty(column)})` }}
    >
      {column.sortable === true ? (
        <button
          type="button"
          className={styles.sortButton}
          aria-keyshortcuts="Alt+ArrowLeft Alt+ArrowRight"
          onClick={() => onSortChange({ by: column.id, direction: nextDirection(direction) })}
          onKeyDown={(event) => resizeByKey(event, column, layout, onLayoutChange)}
        >
          <span className={styles.headerText}>{column.title}</span>
          {direction === 'ascending' ? <ArrowUp size={12} aria-hidden="true" /> : null}
          {direction === 'descending' ? <ArrowDown size={12} aria-hidden="true" /> : null}
        </button>
      ) : (
        <span className={styles.headerText}>{column.title}</span>
      )}
      <ResizeHandle column={column} layout={layout} onLayoutChange={onLayoutChange} />
    </div>
  )
}

/** Numbers are asked for largest first, so a column sorts descending at the first click. */
function nextDirection(direction: TableSort['direction'] | null): TableSort['direction'] {
  return direction === 'descending' ? 'ascending' : 'descending'
}

function resizeByKey<Row>(
  event: KeyboardEvent,
  column: Column<Row>,
  layout: ColumnLayout,
  onLayoutChange: (layout: ColumnLayout) => void,
): void {
  if (!event.altKey || (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight')) return
  event.preventDefault()
  event.stopPropagation()
  const step = event.key === 'ArrowLeft' ? -keyboardStep : keyboardStep
  onLayoutChange(resizeColumn(layout, column, columnWidth(column, layout) + step))
}

function ResizeHandle<Row>({
  column,
  layout,
  onLayoutChange,
}: Pick<HeaderCellProps<Row>, 'column' | 'layout' | 'onLayoutChange'>) {
  const start = (event: PointerEvent<HTMLSpanElement>) => {
    const handle = event.currentTarget
    // What is seen counts: the column that takes the rest is wider than its layout says.
    const from = { x: event.clientX, width: handle.parentElement?.clientWidth ?? columnWidth(column, layout) }
    handle.setPointerCapture(event.pointerId)
    handle.onpointermove = (move) => onLayoutChange(resizeColumn(layout, column, from.width + move.clientX - from.x))
    handle.onlostpointercapture = () => {
      handle.onpointermove = null
    }
  }
  return (
    <span
      aria-hidden="true"
      title="Drag to resize, double-click to reset"
      className={styles.resize}
      onPointerDown={start}
      onDoubleClick={() => onLayoutChange(resetColumnWidth(layout, column))}
    />
  )
}
