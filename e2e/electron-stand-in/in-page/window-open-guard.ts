import type { WindowOpenRequest } from '../wire/messages.ts'

/**
 * Turns every ordinary way to open a window into a question to the main process, which alone opens windows. As
 * `setWindowOpenHandler` is asked asynchronously here, `window.open` returns null even for a window that will open.
 */
export function guardWindowOpen(request: (details: WindowOpenRequest) => void): void {
  const open = (url: string | URL = '', frameName = '_blank', features = ''): null => {
    const disposition = features === '' ? 'foreground-tab' : 'new-window'
    request({ url: absolute(url), frameName: frameName === '_blank' ? '' : frameName, features, disposition })
    return null
  }
  Object.defineProperty(window, 'open', { value: open, writable: true, configurable: true, enumerable: true })
  const follow = (event: MouseEvent) => {
    const details = linkToNewWindow(event)
    if (details === null) return
    event.preventDefault()
    request(details)
  }
  // Last in line: a listener of the page may prevent the default first.
  window.addEventListener('click', follow)
  window.addEventListener('auxclick', follow)
}

const middleButton = 1

/** What a click opens in another window; null when it opens nothing, or something in this one. */
function linkToNewWindow(event: MouseEvent): WindowOpenRequest | null {
  if (event.defaultPrevented) return null
  const link = event.composedPath().find((target) => target instanceof HTMLAnchorElement)
  if (link === undefined || link.href === '') return null
  const frameName = ['', '_self', '_top', '_parent'].includes(link.target) ? null : link.target
  const base = { url: link.href, frameName: frameName === '_blank' ? '' : (frameName ?? ''), features: '' }
  if (event.button === middleButton || event.ctrlKey || event.metaKey) return { ...base, disposition: 'background-tab' }
  if (event.button !== 0) return null
  if (event.shiftKey) return { ...base, disposition: 'new-window' }
  return frameName === null ? null : { ...base, disposition: 'foreground-tab' }
}

function absolute(url: string | URL): string {
  return url === '' ? 'about:blank' : new URL(url, document.baseURI).href
}
