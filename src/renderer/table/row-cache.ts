/** First and last index, both included. Empty when last is below first. */
export interface RowRange {
  readonly first: number
  readonly last: number
}

interface CachedRow<Row> {
  readonly row: Row
  /** Version of the host's tokens at which the row was read. */
  readonly version: number
}

/**
 * Rows by their index in the table, for the part of it that was read. Old rows stay until newer ones replace them: a row
 * that is a moment old is better than a blank.
 */
export class RowCache<Row extends object> {
  readonly #rows = new Map<number, CachedRow<Row>>()
  readonly #idOf: (row: Row) => string

  constructor(idOf: (row: Row) => string) {
    this.#idOf = idOf
  }

  get size(): number {
    return this.#rows.size
  }

  get(index: number): Row | undefined {
    return this.#rows.get(index)?.row
  }

  /** Puts rows from index `start` on. A row that says the same as before stays the same object, so that it is not drawn again. */
  put(start: number, rows: readonly Row[], version: number): void {
    const before = this.#byId(start, rows.length)
    rows.forEach((row, offset) => {
      const old = before.get(this.#idOf(row))
      const same = old !== undefined && saysTheSame(old, row)
      this.#rows.set(start + offset, { row: same ? old : row, version })
    })
  }

  /** The part of `range` from its first to its last row that is missing, or was read before `version`; null when none is. */
  gap(range: RowRange, version = Number.NEGATIVE_INFINITY): RowRange | null {
    const wanting = (index: number) => (this.#rows.get(index)?.version ?? Number.NEGATIVE_INFINITY) < version
    const lacks = (index: number) => !this.#rows.has(index) || wanting(index)
    let { first, last } = range
    while (first <= last && !lacks(first)) first++
    while (last >= first && !lacks(last)) last--
    return first > last ? null : { first, last }
  }

  /** Index of every row in `range` by id. */
  indexById(range: RowRange): Map<string, number> {
    const indexes = new Map<string, number>()
    for (let index = range.first; index <= range.last; index++) {
      const row = this.get(index)
      if (row !== undefined) indexes.set(this.#idOf(row), index)
    }
    return indexes
  }

  rows(): Iterable<Row> {
    return this.#rows.values().map((cached) => cached.row)
  }

  /** Every row gets an index greater by `by`; those that would come before the first are forgotten. */
  shift(by: number): void {
    const moved = [...this.#rows]
    this.#rows.clear()
    for (const [index, cached] of moved) if (index + by >= 0) this.#rows.set(index + by, cached)
  }

  keepOnly(range: RowRange): void {
    for (const index of this.#rows.keys()) if (index < range.first || index > range.last) this.#rows.delete(index)
  }

  clear(): void {
    this.#rows.clear()
  }

  #byId(start: number, length: number): Map<string, Row> {
    // Rows move by as many places as tokens came; a page to each side finds nearly all of them again.
    const near = { first: Math.max(0, start - length), last: start + 2 * length }
    const rows = new Map<string, Row>()
    for (let index = near.first; index <= near.last; index++) {
      const row = this.get(index)
      if (row !== undefined) rows.set(this.#idOf(row), row)
    }
    return rows
  }
}

function saysTheSame(left: object, right: object): boolean {
  const entries = Object.entries(right)
  const other = left as Record<string, unknown>
  return entries.length === Object.keys(left).length && entries.every(([key, value]) => Object.is(other[key], value))
}
