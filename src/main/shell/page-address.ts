/** The scheme and host under which the desktop serves its own page. Both are lower case, as URLs write them. */
export const appScheme = 'app'
export const appHost = 'guardhouse'

/** Where the window's page comes from, and what therefore counts as ours. */
export interface PageAddress {
  /** What the window loads. */
  readonly home: string
  /** True when `url` is a document or file of our own page. */
  contains(url: string): boolean
}

/**
 * The address of our page. `developmentUrl` is the development server's, which the build tool passes in
 * ELECTRON_RENDERER_URL; null in anything that is shipped.
 */
export function pageAddress(developmentUrl: string | null = null): PageAddress {
  const home = new URL(developmentUrl ?? `${appScheme}://${appHost}/index.html`)
  return {
    home: home.href,
    contains(url) {
      const candidate = URL.parse(url)
      // Not `origin`: it is the text "null" for every scheme the URL standard does not list.
      return candidate !== null && candidate.protocol === home.protocol && candidate.host === home.host
    },
  }
}
