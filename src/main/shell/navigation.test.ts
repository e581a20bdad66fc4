import { EventEmitter } from 'node:events'
import type { App, WebContents } from 'electron'
import { describe, expect, it } from 'vitest'
import { setupNavigation } from './navigation.ts'
import { pageAddress } from './page-address.ts'

class FakeContents extends EventEmitter {
  openHandler: (details: { url: string }) => { action: string } = () => ({ action: 'allow' })

  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler
  }

  /** Whether the event was let through. */
  lets(event: string, details: object = {}): boolean {
    let prevented = false
    this.emit(event, { ...details, preventDefault: () => (prevented = true) })
    return !prevented
  }
}

function guarded() {
  const app = new EventEmitter()
  const contents = new FakeContents()
  const links: string[] = []
  const navigation = setupNavigation(app as unknown as App, pageAddress(), (url) => links.push(url))
  app.emit('web-contents-created', {}, contents as unknown as WebContents)
  return { app, contents, links, navigation }
}

describe('navigation', () => {
  it.each(['will-navigate', 'will-frame-navigate', 'will-redirect'])('%s stays on our page', (event) => {
    const { contents } = guarded()
    expect(contents.lets(event, { url: 'app://guardhouse/index.html#/tokens' })).toBe(true)
    expect(contents.lets(event, { url: 'https://example.com/' })).toBe(false)
    expect(contents.lets(event, { url: 'file:///etc/passwd' })).toBe(false)
    expect(contents.lets(event, { url: 'app://elsewhere/' })).toBe(false)
  })

  it('refuses every new window and offers its address for opening outside', () => {
    const { contents, links } = guarded()
    expect(contents.openHandler({ url: 'https://nodejs.org/' })).toEqual({ action: 'deny' })
    expect(contents.openHandler({ url: 'app://guardhouse/index.html' })).toEqual({ action: 'deny' })
    expect(links).toEqual(['https://nodejs.org/', 'app://guardhouse/index.html'])
  })

  it('refuses every webview', () => {
    expect(guarded().contents.lets('will-attach-webview')).toBe(false)
  })

  it('guards nothing more once disposed', () => {
    const { app, navigation } = guarded()
    navigation[Symbol.dispose]()
    expect(app.listenerCount('web-contents-created')).toBe(0)
  })
})
