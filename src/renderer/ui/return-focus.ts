// The guards stand around a dialog and lead Tab from its end to its beginning.
const overThePage = '[role=dialog], [role=alertdialog], [role=menu], [role=listbox], [data-base-ui-focus-guard]'

let last: WeakRef<HTMLElement> | null = null

/** Remembers from now on what in the page itself had the focus last. */
export function rememberFocus(page: Document): void {
  page.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof HTMLElement) || target.closest(overThePage) !== null) return
    last = new WeakRef(target)
  })
}

/**
 * For `finalFocus` of a dialog: the focus goes back to where it was in the page, unless it is there already. The
 * library's own way would go to the first field of the page's part that had the focus, and what is typed next into it.
 */
export function returnFocus(): boolean {
  queueMicrotask(() => {
    const active = document.activeElement
    if (active !== null && active !== document.body && active.closest(overThePage) === null) return
    const target = last?.deref()
    const there = target?.isConnected === true ? target : document.getElementById('main')
    there?.focus({ preventScroll: true })
  })
  // It need not look for a place itself.
  return false
}
