import type { DevtoolsSession } from '../chromium/devtools-connection.ts'
import { customSchemes } from './custom-schemes.ts'

/** A load that did not succeed, with the properties that Electron's has. The number is right for ERR_ABORTED only. */
export class LoadError extends Error {
  readonly code: string
  readonly errno: number
  readonly url: string

  constructor(code: string, url: string) {
    const errno = code === 'ERR_ABORTED' ? -3 : -2
    super(`${code} (${errno}) loading '${url}'`)
    this.code = code
    this.errno = errno
    this.url = url
  }
}

interface Load {
  readonly url: string
  readonly finished: PromiseWithResolvers<void>
  /** Chromium's name for the document that comes of it; undefined until Chromium has said so. */
  document?: string
}

/** Loads addresses for the main process, and knows its navigations from those that a page begins. */
export class PageLoader {
  readonly #session: Promise<DevtoolsSession>
  #expected: string | null = null
  #load: Load | null = null
  #committedDocument: string | null = null
  #loadedDocument: string | null = null

  constructor(session: Promise<DevtoolsSession>) {
    this.#session = session
  }

  get isLoading(): boolean {
    return this.#load !== null
  }

  /** Whether the main process itself asked for `url`, in Chromium's form and without its fragment. */
  expects(url: string): boolean {
    return url === this.#expected
  }

  /** Resolves when the page has loaded, rejects with LoadError when it cannot or when another load takes its place. */
  async load(url: string): Promise<void> {
    this.fail('ERR_ABORTED')
    const load: Load = { url, finished: Promise.withResolvers() }
    // It may fail before anybody awaits it below.
    load.finished.promise.catch(() => undefined)
    this.#load = load
    const target = new URL(customSchemes.toChromium(url)).href
    this.#expect(target)
    const session = await this.#session
    const { errorText, loaderId } = await session.send('Page.navigate', { url: target })
    if (this.#load === load) {
      if (errorText !== undefined) this.fail(errorText.replace(/^net::/, ''))
      // Only the fragment has changed: nothing is loaded.
      else if (loaderId === undefined) this.#finish()
      // The answer may come later than the events of a document that loads quickly.
      else if (loaderId === this.#loadedDocument) this.#finish()
      else load.document = loaderId
    }
    await load.finished.promise
  }

  async reload(presentUrl: string, ignoreCache: boolean): Promise<void> {
    const session = await this.#session
    this.#expect(customSchemes.toChromium(presentUrl))
    await session.send('Page.reload', { ignoreCache })
  }

  /** Chromium shows another document now. What comes next is the page's own doing. */
  committed(document: string): void {
    this.#expected = null
    this.#committedDocument = document
    const awaited = this.#load?.document
    if (awaited !== undefined && awaited !== document) this.fail('ERR_ABORTED')
  }

  /** The document that Chromium shows has loaded. */
  loaded(): void {
    this.#loadedDocument = this.#committedDocument
    if (this.#load !== null && this.#load.document === this.#loadedDocument) this.#finish()
  }

  fail(code: string): void {
    if (this.#load === null) return
    const { url, finished } = this.#load
    this.#load = null
    this.#expected = null
    finished.reject(new LoadError(code, url))
  }

  #finish(): void {
    this.#load?.finished.resolve()
    this.#load = null
    this.#expected = null
  }

  #expect(target: string): void {
    const [withoutFragment = target] = target.split('#')
    this.#expected = withoutFragment
  }
}
