import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import type { RowRange } from './row-cache.ts'
import { assignSlots, type RowSlots } from './row-slots.ts'
import { scrollScale } from './scroll-scale.ts'

/** Pixels; the same as --row-height, which also is the height of the header. */
export const rowHeight = 28

// Rows drawn on both sides of those in sight: a small scroll finds them there.
const lead = 6
// How long a table that was scrolled far rests before those rows are drawn again.
const restMs = 100

export interface RowViewport {
  /** Rows to draw, each in an element of its own: `slot` names it. */
  readonly items: readonly { readonly index: number; readonly start: number; readonly slot: string }[]
  /** Rows that are really in sight. */
  readonly inSight: RowRange
  /** Height of the element that is scrolled, and by how much its rows are moved in it. */
  readonly elementHeight: number
  readonly offset: number
  /** Rows that fit on the screen. */
  readonly pageRows: number
  /** Scrolls as little as needed to bring the row into sight. */
  reveal(row: number): void
  scrollToTop(): void
  /** Scrolls by whole rows; negative is up. */
  scrollByRows(rows: number): void
}

/** Which rows of a fixed height are to be drawn inside `scroller`, whose first 28 pixels are a sticky header. */
export function useRowViewport(
  count: number,
  scroller: RefObject<HTMLElement | null>,
  drawAlso: number | null,
): RowViewport {
  const bodyHeight = Math.max(0, useElementHeight(scroller) - rowHeight)
  const scale = useMemo(() => scrollScale(count * rowHeight, Math.max(1, bodyHeight)), [count, bodyHeight])
  const { scrollTop, far } = useScrollTop(scroller)
  const top = scale.toContent(scrollTop)
  const first = Math.floor(top / rowHeight)
  const last = Math.min(count - 1, Math.ceil((top + bodyHeight) / rowHeight) - 1)
  const pageRows = Math.max(1, Math.floor(bodyHeight / rowHeight))
  const scrollTo = (contentTop: number) => {
    if (scroller.current !== null) scroller.current.scrollTop = scale.toScroll(contentTop)
  }
  const drawn = far ? { first, last } : { first: Math.max(0, first - lead), last: Math.min(count - 1, last + lead) }
  const slots = useRef<RowSlots>([])
  slots.current = assignSlots(slots.current, drawn, count)
  const items = slots.current.map((index, slot) => ({ index, start: index * rowHeight, slot: String(slot) }))
  // aria-activedescendant must name an element that is there, also when it was scrolled out of sight.
  if (drawAlso !== null && drawAlso < count && !slots.current.includes(drawAlso)) {
    items.push({ index: drawAlso, start: drawAlso * rowHeight, slot: 'cursor' })
  }
  return {
    items,
    inSight: { first, last },
    elementHeight: scale.elementHeight,
    offset: scale.toScroll(top) - top,
    pageRows,
    reveal(row) {
      const rowTop = row * rowHeight
      if (rowTop < top) scrollTo(rowTop)
      else if (rowTop + rowHeight > top + bodyHeight) scrollTo(rowTop + rowHeight - bodyHeight)
    },
    scrollToTop: () => scrollTo(0),
    scrollByRows: (rows) => scrollTo(Math.max(0, top + rows * rowHeight)),
  }
}

/**
 * Where the element is scrolled to. `far` while it moves by more in a frame than the rows drawn ahead reach: they would be
 * drawn for nothing, and cost a third of the frame.
 */
function useScrollTop(scroller: RefObject<HTMLElement | null>): { readonly scrollTop: number; readonly far: boolean } {
  const [place, setPlace] = useState({ scrollTop: 0, far: false })
  useEffect(() => {
    const { current: element } = scroller
    if (element === null) return
    let { scrollTop } = element
    let resting: ReturnType<typeof setTimeout> | undefined
    const follow = () => {
      const far = Math.abs(element.scrollTop - scrollTop) > lead * rowHeight
      scrollTop = element.scrollTop
      // Drawn in the frame that scrolled: one frame later its rows would have been blank.
      flushSync(() => setPlace({ scrollTop, far }))
      clearTimeout(resting)
      if (far) resting = setTimeout(() => setPlace({ scrollTop, far: false }), restMs)
    }
    element.addEventListener('scroll', follow, { passive: true })
    return () => {
      element.removeEventListener('scroll', follow)
      clearTimeout(resting)
    }
  }, [scroller])
  return place
}

function useElementHeight(element: RefObject<HTMLElement | null>): number {
  const [height, setHeight] = useState(0)
  useLayoutEffect(() => {
    const { current } = element
    if (current === null) return
    setHeight(current.clientHeight)
    const observer = new ResizeObserver(() => setHeight(current.clientHeight))
    observer.observe(current)
    return () => observer.disconnect()
  }, [element])
  return height
}
