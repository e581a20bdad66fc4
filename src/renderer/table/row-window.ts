import { movedBy } from './row-alignment.ts'
import { RowCache, type RowRange } from './row-cache.ts'

/** One answer of the host: some rows, and what the whole is. */
export interface RowPage<Row> {
  readonly rows: readonly Row[]
  /** Rows there are altogether. */
  readonly matched: number
  /** Changes whenever any row may have changed. */
  readonly version: number
  /** Rows that ever were, also those no longer kept. By how much it grew, rows moved at most. */
  readonly ever?: number
}

export type ReadPage<Row, Page extends RowPage<Row>> = (offset: number, limit: number) => Promise<Page>

export interface RowWindowState<Page> {
  /** Rows in the table, without those that came above a held view. */
  readonly count: number
  /** Rows that came above since the view is held. */
  readonly above: number
  /** The last answer; null before the first. */
  readonly page: Page | null
  /** True from a change of the question to its first answer. */
  readonly asking: boolean
  /** Why the last reading failed; null after one that worked. */
  readonly error: unknown
}

/**
 * Rows in view got an index greater by `by`. shown: a person asked for the rows above. followed: rows came above a view that
 * is not held. gone: rows above ended; `by` is negative, and scrolling by it keeps the picture still.
 */
export interface RowMove {
  readonly by: number
  readonly cause: 'shown' | 'followed' | 'gone'
}

// Rows to each side of the screen that are read ahead.
const lead = 100
const pageRows = 100
const pageMax = 1000
// Rows to each side that are kept; beyond, they are read again.
const kept = 2000
// A scroll bar dragged through everything asks for what it rests on, not for all that passes.
const readGapMs = 50
const refreshGapMs = 300
const retryMs = 2000
// Rows to each side of the screen that are read again with it: as many may come between two readings without being missed.
const refreshLead = 40

/**
 * The part of a long, changing list that a table shows. Reads pages from the host, at most one at a time: what is on the
 * screen first, then what is near it, then what is out of date. Old rows stay visible until new ones are there.
 *
 * A *held* view does not move: rows that come above it are counted instead of shown. The host answers by offset, so the
 * window finds its rows again in every answer and counts by how much they moved.
 */
export class RowWindow<Row extends object, Page extends RowPage<Row>> implements Disposable {
  readonly cache: RowCache<Row>
  readonly #idOf: (row: Row) => string
  readonly #listeners = new Set<() => void>()
  onMoved: (move: RowMove) => void = () => undefined
  #state: RowWindowState<Page> = { count: 0, above: 0, page: null, asking: true, error: null }
  #read: ReadPage<Row, Page> | null = null
  #question = 0
  #viewport: RowRange = { first: 0, last: 40 }
  #held = false
  #anchor: number | null = null
  #version = 0
  #reading = false
  #readAt = Number.NEGATIVE_INFINITY
  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(idOf: (row: Row) => string) {
    this.#idOf = idOf
    this.cache = new RowCache(idOf)
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly snapshot = (): RowWindowState<Page> => this.#state

  /** Another question: rows of the old one stay visible until the first answer, answers still on their way are dropped. */
  ask(read: ReadPage<Row, Page>): void {
    this.#read = read
    this.#question++
    this.#reading = false
    this.#readAt = Number.NEGATIVE_INFINITY
    this.#viewport = { first: 0, last: this.#viewport.last - this.#viewport.first }
    this.#change({ asking: true, above: 0, error: null })
    this.#pump()
  }

  /** The same question again, as soon as the pace allows, such as after a lost connection. */
  refresh(): void {
    this.#change({ error: null })
    this.#version = Number.NaN
    this.#pump()
  }

  /** What the screen shows. Cheap: call it on every scroll event. */
  setViewport(viewport: RowRange): void {
    this.#viewport = viewport
    this.#pump()
  }

  /**
   * @param held true: rows that come above are counted, not shown
   * @param anchor index of the row that must stay where it is, such as the one under the pointer; null for the first in view
   */
  hold(held: boolean, anchor: number | null): void {
    this.#held = held
    this.#anchor = anchor
    if (!held && this.#state.above > 0) this.showAbove()
  }

  /** Shows the rows that came above: the first row is the first again. */
  showAbove(): void {
    const { above, count } = this.#state
    this.cache.shift(above)
    this.#viewport = { first: 0, last: this.#viewport.last - this.#viewport.first }
    this.#change({ above: 0, count: count + above })
    this.onMoved({ by: above, cause: 'shown' })
    this.#pump()
  }

  /** Tells the version the host is at; rows read before it are read again when they are in view. */
  hostIsAt(version: number): void {
    if (version === this.#version) return
    this.#version = version
    this.#pump()
  }

  /** Every row of a range, from the host where they were not read. In order; shorter when the list became shorter. */
  async range({ first, last }: RowRange): Promise<readonly Row[]> {
    const rows: Row[] = []
    for (let start = first; start <= last; start += pageMax) {
      const wanted = { first: start, last: Math.min(last, start + pageMax - 1) }
      rows.push(...(await this.#readRange(wanted)))
    }
    return rows
  }

  /** Stops to read. A later question starts it again. */
  [Symbol.dispose](): void {
    this.#read = null
    this.#question++
    this.#reading = false
    if (this.#timer !== null) clearTimeout(this.#timer)
  }

  async #readRange({ first, last }: RowRange): Promise<readonly Row[]> {
    const known = Array.from({ length: last - first + 1 }, (_, offset) => this.cache.get(first + offset))
    if (known.every((row) => row !== undefined)) return known
    const page = await this.#read?.(first + this.#state.above, last - first + 1)
    return page?.rows ?? []
  }

  #change(change: Partial<RowWindowState<Page>>): void {
    this.#state = { ...this.#state, ...change }
    for (const listener of this.#listeners) listener()
  }

  /** Starts the next reading when one is due, or a timer for when it will be. */
  #pump(): void {
    if (this.#reading || this.#read === null) return
    const next = this.#next()
    if (next === null) return
    const wait = this.#readAt + next.gapMs - performance.now()
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    if (wait > 0) this.#timer = setTimeout(() => this.#pump(), wait)
    else void this.#readNext(next.range)
  }

  #next(): { range: RowRange; gapMs: number } | null {
    if (this.#state.error !== null) return { range: this.#around(), gapMs: retryMs }
    if (this.#state.asking) return { range: this.#around(), gapMs: 0 }
    const end = this.#state.count - 1
    const inView = { first: Math.max(0, this.#viewport.first), last: Math.min(end, this.#viewport.last) }
    const near = { first: Math.max(0, inView.first - lead), last: Math.min(end, inView.last + lead) }
    if (this.cache.gap(near) !== null) return { range: this.#around(), gapMs: readGapMs }
    const outdated =
      this.#version !== (this.#state.page?.version ?? 0) || this.cache.gap(inView, this.#version) !== null
    if (!outdated) return null
    const again = { first: Math.max(0, inView.first - refreshLead), last: Math.min(end, inView.last + refreshLead) }
    return { range: again, gapMs: refreshGapMs }
  }

  /** Whole pages around the viewport. */
  #around(): RowRange {
    const first = Math.max(0, Math.floor((this.#viewport.first - lead) / pageRows) * pageRows)
    const last = Math.ceil((this.#viewport.last + lead) / pageRows) * pageRows - 1
    return { first, last: Math.min(last, first + pageMax - 1) }
  }

  async #readNext({ first, last }: RowRange): Promise<void> {
    const question = this.#question
    const limit = Math.max(1, Math.min(pageMax, last - first + 1))
    this.#reading = true
    try {
      await this.#readAligned(question, first, limit)
    } catch (error) {
      if (question === this.#question) this.#change({ error })
    }
    if (question !== this.#question) return
    this.#reading = false
    this.#readAt = performance.now()
    this.#pump()
  }

  /**
   * Reads until the answer has one of the rows in it that were in its place before: first where they were, then where they
   * would be if everything that is new came above them, then in the largest page there is.
   */
  async #readAligned(question: number, first: number, limit: number): Promise<void> {
    const { above, page: before } = this.#state
    const offset = first + above
    const tries = [
      (_: Page | null) => ({ offset, limit }),
      (page: Page | null) => ({ offset: offset + Math.max(0, everOf(page) - everOf(before)), limit }),
      (_: Page | null) => ({ offset, limit: pageMax }),
    ]
    let page: Page | null = null
    for (const nextTry of tries) {
      const asked = nextTry(page)
      page = (await this.#read?.(asked.offset, asked.limit)) ?? null
      if (page === null || question !== this.#question) return
      // Not `above` from before: the rows above may have been shown while the answer was on its way.
      const start = asked.offset - this.#state.above
      const expected = offset - this.#state.above
      const moved = this.#state.asking ? 0 : this.#movedBy(page, start, { first: expected, last: expected + limit - 1 })
      if (moved !== null) return this.#accept(page, start, moved)
      if (!this.#held) return this.#acceptElsewhere(page, start)
    }
    if (page !== null) this.#acceptElsewhere(page, offset - this.#state.above)
  }

  /** @param expected where the rows were that were asked for; of other rows the answer says nothing */
  #movedBy(page: Page, start: number, expected: RowRange): number | null {
    const known = this.cache.indexById(expected)
    if (known.size === 0) return 0
    const ids = page.rows.map((row) => this.#idOf(row))
    return movedBy(known, ids, start, this.#anchor ?? this.#viewport.first)
  }

  /** Nothing that is known is in the answer: what is known of other places is no longer true. */
  #acceptElsewhere(page: Page, start: number): void {
    this.cache.clear()
    this.#accept(page, start, 0)
  }

  /** @param moved how many places the rows that are known moved in the host's list */
  #accept(page: Page, start: number, moved: number): void {
    if (this.#state.asking) this.cache.clear()
    const above = this.#held ? this.#state.above + moved : 0
    // A view that follows moves its rows. A held one counts instead, except when rows went away that were never counted.
    const by = this.#held ? Math.min(0, above) : moved
    if (by !== 0) {
      this.cache.shift(by)
      this.onMoved({ by, cause: this.#held ? 'gone' : 'followed' })
    }
    this.#put(page, this.#held ? start - moved + by : start)
    const count = Math.max(0, page.matched - Math.max(0, above))
    this.#change({ page, above: Math.max(0, above), count, asking: false, error: null })
  }

  #put(page: Page, start: number): void {
    const before = Math.max(0, -start)
    this.cache.put(start + before, page.rows.slice(before), page.version)
    this.cache.keepOnly({ first: this.#viewport.first - kept, last: this.#viewport.last + kept })
    if (!(page.version < this.#version)) this.#version = page.version
  }
}

function everOf(page: RowPage<object> | null): number {
  return page === null ? 0 : (page.ever ?? page.matched)
}
