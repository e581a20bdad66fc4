/**
 * Browsers cut elements at a maximum height (Firefox at 17.9 million pixels, Chromium at 33.5 million). A taller table gets
 * an element of `maximumElementHeight`, and a scroll position stands for a proportional place among the rows.
 */
export const maximumElementHeight = 16_000_000

export interface ScrollScale {
  /** Height of the scrolled element, pixels. */
  readonly elementHeight: number
  /** Place among the rows, in pixels of an element that had no limit, for a scroll position. */
  toContent(scrollTop: number): number
  toScroll(contentTop: number): number
}

export function scrollScale(contentHeight: number, viewportHeight: number): ScrollScale {
  if (contentHeight <= maximumElementHeight) {
    return { elementHeight: contentHeight, toContent: (scrollTop) => scrollTop, toScroll: (contentTop) => contentTop }
  }
  // Both ends must meet: the last scroll position shows the last row.
  const factor = (contentHeight - viewportHeight) / (maximumElementHeight - viewportHeight)
  return {
    elementHeight: maximumElementHeight,
    toContent: (scrollTop) => scrollTop * factor,
    toScroll: (contentTop) => contentTop / factor,
  }
}
