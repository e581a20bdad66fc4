// biome-ignore-all lint/a11y/useSemanticElements: elements of a table cannot be laid out as a window on its rows
import {
  type CSSProperties,
  type MouseEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import { classNames } from '../ui/class-names.ts'
import { type Column, type ColumnLayout, columnFlex, flexProperty, totalWidth, visibleColumns } from './column.ts'
import type { GridCursor } from './grid-cursor.ts'
import { type RowPicking, useRowPicking } from './row-picking.ts'
import type { RowPage, RowWindow } from './row-window.ts'
import type { Selection } from './selection.ts'
import styles from './table.module.css'
import { type SelectAllState, TableHeader, type TableSort } from './table-header.tsx'
import { handleTableKey, type TableKeyActions } from './table-keys.ts'
import { TableRow } from './table-row.tsx'
import { type RowViewport, useRowViewport } from './use-row-viewport.ts'

/** What is selected, and what a selection can do. */
export interface TablePicks<Row> {
  readonly selection: Selection<Row>
  readonly onSelectionChange: (selection: Selection<Row>) => void
  /** The box in the header, and Ctrl+A. */
  readonly selectAll: SelectAllState
  /** Ctrl+C with rows selected. */
  readonly onCopy: () => void
  /** A range goes over rows that could not be read. */
  readonly onRangeFailed: (error: unknown) => void
}

export interface VirtualTableProps<Row extends object, Page extends RowPage<Row>> {
  /** Name for screen readers. */
  readonly label: string
  readonly rows: RowWindow<Row, Page>
  readonly idOf: (row: Row) => string
  readonly columns: readonly Column<Row>[]
  readonly layout: ColumnLayout
  readonly onLayoutChange: (layout: ColumnLayout) => void
  readonly sort: TableSort | null
  readonly onSortChange: (sort: TableSort) => void
  /** Null: rows of this table are not selected. */
  readonly picks: TablePicks<Row> | null
  /** Id of the row that is open beside the table. */
  readonly opened: string | null
  readonly onOpen: (row: Row) => void
  /** Shown when there is no row. */
  readonly empty: ReactNode
}

/** A table of any number of rows of which only those in sight exist. Its rows come from a RowWindow. */
export function VirtualTable<Row extends object, Page extends RowPage<Row>>(props: VirtualTableProps<Row, Page>) {
  const { rows, layout, picks, idOf } = props
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const state = useSyncExternalStore(rows.subscribe, rows.snapshot)
  const columns = useMemo(() => visibleColumns(props.columns, layout), [props.columns, layout])
  const [placed, setCursor] = useState<GridCursor | null>(null)
  const cursor = withinRows(placed, state.count)
  const picking = useRowPicking(rows, idOf, picks)
  const viewport = useRowViewport(state.count, scroller, cursor?.row ?? null)
  const hold = useHold(props, scroller, viewport, cursor !== null)
  useMovedRows(rows, viewport, picking, setCursor)
  useTopOnQuestion(state.asking, scroller, setCursor)

  const open = (index: number) => {
    const row = rows.cache.get(index)
    if (row !== undefined) props.onOpen(row)
  }
  const moveCursor = (next: GridCursor) => {
    setCursor(next)
    viewport.reveal(next.row)
  }
  const { pageRows, inSight } = viewport
  const keyActions: TableKeyActions = {
    cursor,
    rowCount: state.count,
    columnCount: columns.length,
    pageRows,
    firstInSight: inSight.first,
    picking,
    picks,
    onCursorChange: moveCursor,
    onOpen: open,
  }
  const cursorColumn = cursor === null ? undefined : columns[cursor.column]
  const cursorCellId =
    cursor === null || cursorColumn === undefined ? undefined : `${id}-row-${cursor.row}-${cursorColumn.id}`
  return (
    <div className={styles.frame}>
      <div
        ref={scroller}
        role="grid"
        aria-label={props.label}
        aria-rowcount={state.count + 1}
        aria-colcount={columns.length + (picks === null ? 0 : 1)}
        aria-multiselectable={picks !== null}
        aria-busy={state.asking}
        aria-activedescendant={cursorCellId}
        tabIndex={0}
        className={classNames(styles.scroller, state.asking && state.page !== null && styles.asking)}
        style={columnStyle(columns, layout, picks !== null)}
        onFocus={hold.update}
        onBlur={hold.update}
        onKeyDown={(event) => handleTableKey(event, keyActions)}
      >
        <TableHeader {...props} columns={columns} selectAll={picks?.selectAll ?? null} />
        <TableBody
          {...props}
          columns={columns}
          viewport={viewport}
          cursor={cursor}
          cursorCellId={cursorCellId}
          onRowClick={(event) => {
            clickRow(event, picking, open, (row) => setCursor({ row, column: cursor?.column ?? 0 }))
          }}
          onPoint={hold.pointAt}
        />
      </div>
      {state.count === 0 && state.page !== null && !state.asking ? (
        <div className={styles.overlay}>{props.empty}</div>
      ) : null}
    </div>
  )
}

interface TableBodyProps<Row extends object, Page extends RowPage<Row>> extends VirtualTableProps<Row, Page> {
  readonly viewport: RowViewport
  readonly cursor: GridCursor | null
  readonly cursorCellId: string | undefined
  readonly onRowClick: (event: MouseEvent) => void
  /** The pointer is over a row, or over none. */
  readonly onPoint: (index: number | null) => void
}

function TableBody<Row extends object, Page extends RowPage<Row>>(props: TableBodyProps<Row, Page>) {
  const { rows, idOf, picks, opened, columns, viewport, cursor, onPoint } = props
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid around it does the same by key
    <div
      role="rowgroup"
      className={styles.body}
      style={{ height: viewport.elementHeight }}
      onMouseDown={keepTextUnselected}
      onClick={props.onRowClick}
      onPointerMove={(event) => onPoint(indexUnder(event.target))}
      onPointerLeave={() => onPoint(null)}
    >
      {viewport.items.map(({ index, start, slot }) => {
        const row = rows.cache.get(index)
        return (
          <TableRow
            key={slot}
            row={row}
            index={index}
            start={start + viewport.offset}
            columns={columns}
            selected={picks === null ? null : row !== undefined && picks.selection.has(idOf(row))}
            opened={row !== undefined && idOf(row) === opened}
            cursorColumn={cursor?.row === index ? cursor.column : null}
            cursorCellId={cursor?.row === index ? props.cursorCellId : undefined}
          />
        )
      })}
    </div>
  )
}

const checkColumnWidth = 32

function columnStyle<Row>(columns: readonly Column<Row>[], layout: ColumnLayout, hasChecks: boolean): CSSProperties {
  const style: Record<`--${string}`, string> = {
    '--table-width': `${(hasChecks ? checkColumnWidth : 0) + totalWidth(columns, layout)}px`,
    '--check-width': `${checkColumnWidth}px`,
    ...Object.fromEntries(columns.map((column) => [flexProperty(column), columnFlex(column, layout)])),
  }
  return style
}

/** The list may have become shorter than the place of the cursor. */
function withinRows(cursor: GridCursor | null, count: number): GridCursor | null {
  if (cursor === null || count === 0) return null
  return cursor.row < count ? cursor : { ...cursor, row: count - 1 }
}

/** Shift extends the selection of rows; the browser would select their text. */
function keepTextUnselected(event: MouseEvent<HTMLElement>): void {
  if (!event.shiftKey) return
  event.preventDefault()
  event.currentTarget.closest<HTMLElement>('[role="grid"]')?.focus()
}

/** The answer to another question is read from its beginning. */
function useTopOnQuestion(
  asking: boolean,
  scroller: RefObject<HTMLElement | null>,
  setCursor: (cursor: null) => void,
): void {
  useLayoutEffect(() => {
    if (!asking) return
    scroller.current?.scrollTo({ top: 0 })
    setCursor(null)
  }, [asking, scroller, setCursor])
}

/**
 * Keeps the window on its rows informed: what is in sight, and whether the view is held. It is held as soon as a person may
 * be looking at a certain row: scrolled, selected, opened, pointed at, or reached with the keyboard.
 */
function useHold<Row extends object, Page extends RowPage<Row>>(
  { rows, picks, opened }: VirtualTableProps<Row, Page>,
  scroller: { readonly current: HTMLElement | null },
  viewport: RowViewport,
  hasCursor: boolean,
) {
  const pointed = useRef<number | null>(null)
  const { first, last } = viewport.inSight
  const busy = first > 0 || (picks?.selection.size ?? 0) > 0 || opened !== null
  const update = () => {
    const focused = hasCursor && scroller.current !== null && scroller.current === document.activeElement
    rows.hold(busy || focused || pointed.current !== null, pointed.current)
  }
  useLayoutEffect(() => {
    update()
    rows.setViewport({ first, last })
  })
  return {
    update,
    pointAt(index: number | null) {
      if (pointed.current === index) return
      pointed.current = index
      update()
    },
  }
}

/** Takes the scroll position, the keyboard's cursor and the begin of a range along when rows move. */
function useMovedRows<Row extends object, Page extends RowPage<Row>>(
  rows: RowWindow<Row, Page>,
  viewport: RowViewport,
  picking: RowPicking,
  setCursor: (change: (cursor: GridCursor | null) => GridCursor | null) => void,
): void {
  const newest = useRef({ viewport, picking })
  newest.current = { viewport, picking }
  useEffect(() => {
    rows.onMoved = ({ by, cause }) => {
      if (cause === 'gone') newest.current.viewport.scrollByRows(by)
      if (cause === 'shown') newest.current.viewport.scrollToTop()
      newest.current.picking.moved(by)
      setCursor((cursor) => (cursor === null ? null : { ...cursor, row: Math.max(0, cursor.row + by) }))
    }
  }, [rows, setCursor])
}

function indexUnder(target: EventTarget): number | null {
  const row = target instanceof Element ? target.closest('[data-index]') : null
  return row === null ? null : Number(row.getAttribute('data-index'))
}

function clickRow(
  event: MouseEvent,
  picking: RowPicking,
  open: (index: number) => void,
  placeCursor: (index: number) => void,
): void {
  const index = indexUnder(event.target)
  if (index === null) return
  const onCheck = event.target instanceof Element && event.target.closest('[data-part="check"]') !== null
  if (event.shiftKey) picking.extendTo(index)
  else if (onCheck || event.ctrlKey || event.metaKey) picking.toggle(index)
  // Dragging over a text to copy it ends with a click too.
  else if (document.getSelection()?.isCollapsed ?? true) {
    picking.beginAt(index)
    open(index)
  }
  placeCursor(index)
}
