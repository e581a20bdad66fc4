import type { App, WebContents } from 'electron'
import type { PageAddress } from './page-address.ts'

interface NavigationDetails {
  readonly url: string
  preventDefault(): void
}

/**
 * Keeps every web contents on our own page: no navigation, redirect, frame, new window or webview leads elsewhere.
 * `openLink` gets the address of each window that was refused, to open it outside when it may be.
 */
export function setupNavigation(app: App, page: PageAddress, openLink: (url: string) => void): Disposable {
  const guard = (_event: unknown, contents: WebContents) => guardContents(contents, page, openLink)
  app.on('web-contents-created', guard)
  return { [Symbol.dispose]: () => void app.off('web-contents-created', guard) }
}

function guardContents(contents: WebContents, page: PageAddress, openLink: (url: string) => void): void {
  const stayOnPage = (details: NavigationDetails) => {
    if (!page.contains(details.url)) details.preventDefault()
  }
  contents.on('will-navigate', stayOnPage)
  contents.on('will-frame-navigate', stayOnPage)
  contents.on('will-redirect', stayOnPage)
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    openLink(url)
    return { action: 'deny' }
  })
}
