import { createStore, type StoreApi } from 'zustand/vanilla'

/** Where the window is: the parts of `#/tokens/<id>` after the `#`, decoded. */
export interface Route {
  readonly path: readonly string[]
}

/** `#/tokens/a%2Fb` is ['tokens', 'a/b']; anything that is not a route is []. */
export function parseRoute(hash: string): Route {
  if (!hash.startsWith('#/')) return { path: [] }
  const parts = hash.slice(2).split('/')
  try {
    return { path: parts.map(decodeURIComponent).filter((part) => part !== '') }
  } catch (error) {
    // A person can type anything into the address bar; what is not decodable leads to the start page.
    if (error instanceof URIError) return { path: [] }
    throw error
  }
}

export function formatRoute(path: readonly string[]): string {
  return `#/${path.map(encodeURIComponent).join('/')}`
}

/** The window's place, kept in the fragment, so that Back, Forward, reload and links work in the desktop and in a browser. */
export class Router implements Disposable {
  readonly store: StoreApi<Route>
  readonly #page: Window
  readonly #follow = () => this.store.setState(parseRoute(this.#page.location.hash))

  constructor(page: Window) {
    this.#page = page
    this.store = createStore(() => parseRoute(page.location.hash))
    page.addEventListener('popstate', this.#follow)
  }

  /** Goes to a place. `replace` leaves no step to go back to: for what is only a refinement of the present place. */
  go(path: readonly string[], { replace = false } = {}): void {
    const hash = formatRoute(path)
    if (hash === this.#page.location.hash) return
    if (replace) this.#page.history.replaceState(null, '', hash)
    else this.#page.history.pushState(null, '', hash)
    this.#follow()
  }

  [Symbol.dispose](): void {
    this.#page.removeEventListener('popstate', this.#follow)
  }
}
