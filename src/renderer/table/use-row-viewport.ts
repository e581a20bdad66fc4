import { elementScroll, observeElementOffset, useVirtualizer } from '@tanstack/react-virtual'
import { type RefObject, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { RowRange } from './row-cache.ts'
import { type ScrollScale, scrollScale } from './scroll-scale.ts'

/** Pixels; the same as --row-height, which also is the height of the header. */
export const rowHeight = 28

const overscan = 6

export interface RowViewport {
  /**
   * Rows to draw. `slot` is the same for rows that are never drawn together: an element that is filled anew costs a third of
   * one that is made anew.
   */
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
  const { top, visible } = useScaledRows(count, scroller, scale)
  const pageRows = Math.max(1, Math.floor(bodyHeight / rowHeight))
  const scrollTo = (contentTop: number) => {
    if (scroller.current !== null) scroller.current.scrollTop = scale.toScroll(contentTop)
  }
  const slots = pageRows + 2 * overscan + 4
  const items = visible.map(({ index, start }) => ({ index, start, slot: String(index % slots) }))
  // aria-activedescendant must name an element that is there, also when it was scrolled out of sight.
  if (drawAlso !== null && drawAlso < count && !items.some((item) => item.index === drawAlso)) {
    items.push({ index: drawAlso, start: drawAlso * rowHeight, slot: 'cursor' })
  }
  return {
    items,
    inSight: {
      first: Math.floor(top / rowHeight),
      last: Math.min(count - 1, Math.ceil((top + bodyHeight) / rowHeight) - 1),
    },
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

/** The library's window on the rows, in pixels of an element that had no limit to its height. */
function useScaledRows(count: number, scroller: RefObject<HTMLElement | null>, scale: ScrollScale) {
  const newestScale = useRef(scale)
  newestScale.current = scale
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan,
    observeElementOffset: (instance, notify) =>
      observeElementOffset(instance, (offset, isScrolling) =>
        notify(newestScale.current.toContent(offset), isScrolling),
      ),
    scrollToFn: (offset, options, instance) => elementScroll(newestScale.current.toScroll(offset), options, instance),
  })
  return { top: virtualizer.scrollOffset ?? 0, visible: virtualizer.getVirtualItems() }
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
