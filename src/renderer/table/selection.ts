/**
 * Which rows are selected, by id, each with the newest row seen of it, so that rows far outside the window can be copied
 * without asking for them again. A selection is never changed in place.
 */
export type Selection<Row> = ReadonlyMap<string, Row>

/** More at once are never asked for: it is what one command may touch. */
export const selectionMax = 100_000

/** Takes the row in, or out when it is in. */
export function toggleRow<Row>(selection: Selection<Row>, id: string, row: Row): Selection<Row> {
  const rows = new Map(selection)
  if (!rows.delete(id)) rows.set(id, row)
  return rows
}

/** Takes rows in, up to the most that a selection holds. */
export function addRows<Row>(
  selection: Selection<Row>,
  added: readonly Row[],
  idOf: (row: Row) => string,
): Selection<Row> {
  const rows = new Map(selection)
  for (const row of added) {
    if (rows.size >= selectionMax) break
    rows.set(idOf(row), row)
  }
  return rows
}

/** The selection with newer rows in the place of those it has; the same object when there are none. */
export function renewRows<Row>(
  selection: Selection<Row>,
  newer: Iterable<Row>,
  idOf: (row: Row) => string,
): Selection<Row> {
  let rows: Map<string, Row> | null = null
  for (const row of newer) {
    const old = selection.get(idOf(row))
    if (old === undefined || old === row) continue
    rows ??= new Map(selection)
    rows.set(idOf(row), row)
  }
  return rows ?? selection
}
