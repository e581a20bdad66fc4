/** Whether anybody can see the page. */
export interface PageVisibility {
  readonly visible: boolean
  /** Returns what takes the listener off again. */
  onChange(listener: () => void): () => void
}

export function documentVisibility(page: Document): PageVisibility {
  return {
    get visible() {
      return page.visibilityState === 'visible'
    },
    onChange(listener) {
      page.addEventListener('visibilitychange', listener)
      return () => page.removeEventListener('visibilitychange', listener)
    },
  }
}
