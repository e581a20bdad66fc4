const storageKey = 'guardhouse.secret'
const fragment = /^#secret=([A-Za-z0-9_-]+)(?:&(\/.*))?$/

/** The parts of the page that `takeSecret` needs. */
export interface SecretPlaces {
  readonly location: { readonly hash: string; readonly pathname: string; readonly search: string }
  readonly history: { replaceState(data: unknown, unused: string, url: string): void }
  readonly storage: { getItem(key: string): string | null; setItem(key: string, value: string): void }
}

/**
 * The secret that the host put into the fragment of the address it printed. It moves to the session's storage, so that a
 * reload keeps it, and out of the address bar, so that it is not copied or bookmarked. Null when there is none.
 */
export function takeSecret({ location, history, storage }: SecretPlaces): string | null {
  const match = fragment.exec(location.hash)
  if (match?.[1] === undefined) return storage.getItem(storageKey)
  storage.setItem(storageKey, match[1])
  history.replaceState(null, '', `${location.pathname}${location.search}#${match[2] ?? '/'}`)
  return match[1]
}
