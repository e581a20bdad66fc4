import type { DevtoolsSession } from '../chromium/devtools-connection.ts'
import { customSchemes } from './custom-schemes.ts'

/** A load that did not succeed, with the properties that Electron's has. */
export class LoadError extends Error {
  readonly code: string
  readonly errno = -2
  readonly url: string

  constructor(code: string, url: string) {
    super(`${code} (-2) loading '${url}'`)
    this.code = code
    this.url = url
  }
}

/** Loads addresses for the main process, and knows its navigations from those that a page begins. */
export class PageLoader {
  readonly #session: Promise<DevtoolsSession>
  #expected: string | null = null
  #load: { readonly url: string; readonly finished: PromiseWithResolvers<void> } | null = null

  constructor(session: Promise<DevtoolsSession>) {
    this.#session = session
  }

  get isLoading(): boolean {
    return this.#load !== null
  }

  /** Whether the main process itself asked for `url`, in Chromium's form. */
  expects(url: string): boolean {
    return url === this.#expected
  }

  /** Resolves when the page has loaded, rejects with LoadError when it cannot or when another load takes its place. */
  async load(url: string): Promise<void> {
    this.fail('ERR_ABORTED')
    const target = new URL(customSchemes.toChromium(url)).href
    const finished = Promise.withResolvers<void>()
    // The awaiter below may not be there yet when the load fails.
    finished.promise.catch(() => undefined)
    this.#load = { url, finished }
    this.#expected = target
    const session = await this.#session
    const { errorText, loaderId } = await session.send('Page.navigate', { url: target })
    if (errorText !== undefined) this.fail(errorText.replace(/^net::/, ''))
    else if (loaderId === undefined) this.finish()
    await finished.promise
  }

  async reload(presentUrl: string, ignoreCache: boolean): Promise<void> {
    const session = await this.#session
    this.#expected = customSchemes.toChromium(presentUrl)
    await session.send('Page.reload', { ignoreCache })
  }

  /** A document has replaced the former: what comes next is the page's own. */
  committed(): void {
    this.#expected = null
  }

  finish(): void {
    this.#load?.finished.resolve()
    this.#load = null
  }

  fail(code: string): void {
    if (this.#load === null) return
    const { url, finished } = this.#load
    this.#load = null
    this.#expected = null
    finished.reject(new LoadError(code, url))
  }
}
