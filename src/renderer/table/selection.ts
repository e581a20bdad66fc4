/**
 * Which rows are selected, by id, each with the newest row seen of it, so that rows far outside the window can be copied
 * without asking for them again. A selection is never changed in place.
 */
export interface Selection<Row> {
  readonly rows: ReadonlyMap<string, Row>
  /** Row from which Shift extends. */
  readonly anchor: string | null
}

export function emptySelection<Row>(): Selection<Row> {
  return { rows: new Map(), anchor: null }
}

export function selectOnly<Row>(id: string, row: Row): Selection<Row> {
  return { rows: new Map([[id, row]]), anchor: id }
}

/** Takes the row in, or out when it is in. Either way Shift extends from it next. */
export function toggleRow<Row>(selection: Selection<Row>, id: string, row: Row): Selection<Row> {
  const rows = new Map(selection.rows)
  if (!rows.delete(id)) rows.set(id, row)
  return { rows, anchor: id }
}

/** Takes in a range; the anchor stays, so that the next Shift extends from the same row. */
export function addRows<Row>(
  selection: Selection<Row>,
  added: readonly Row[],
  idOf: (row: Row) => string,
): Selection<Row> {
  const rows = new Map(selection.rows)
  for (const row of added) rows.set(idOf(row), row)
  return { rows, anchor: selection.anchor }
}

/** The selection with newer rows in the place of those it has; the same object when there are none. */
export function renewRows<Row>(
  selection: Selection<Row>,
  newer: Iterable<Row>,
  idOf: (row: Row) => string,
): Selection<Row> {
  let rows: Map<string, Row> | null = null
  for (const row of newer) {
    const id = idOf(row)
    if (!selection.rows.has(id) || selection.rows.get(id) === row) continue
    rows ??= new Map(selection.rows)
    rows.set(id, row)
  }
  return rows === null ? selection : { rows, anchor: selection.anchor }
}
