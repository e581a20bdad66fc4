import { PageGone, unlessGone } from '../chromium/devtools-connection.ts'
import type { PermissionName, WindowOpenRequest } from '../wire/messages.ts'
import { cancelableEvent } from './cancelable-event.ts'
import { consoleMessage } from './console-message.ts'
import { customSchemes } from './custom-schemes.ts'
import type { DocumentLink, DocumentMessage } from './document-link.ts'
import { IpcMain } from './ipc-main.ts'
import type { MessagePortMain } from './message-ports.ts'
import { NativeContents } from './native-contents.ts'
import { NativeImage } from './native-image.ts'
import { PageAppearance } from './page-appearance.ts'
import { LoadError, PageLoader } from './page-loader.ts'
import { deliverIpc } from './page-messages.ts'
import { answerPermission } from './permissions.ts'
import type { RendererPage } from './renderer-page.ts'
import { session } from './session.ts'
import { webContentsList } from './web-contents-list.ts'
import { WebFrameMain } from './web-frame-main.ts'

/** What a web contents needs from the window it is in. */
export interface WebContentsHost {
  readonly preload: string | null
  readonly preferences: object
  /** Ends the window at once. */
  destroy(): void
  focus(): void
  isFocused(): boolean
  /** Opens another window for `request`. */
  openWindow(request: WindowOpenRequest, overrides: object): void
}

export interface WindowOpenAnswer {
  readonly action: 'allow' | 'deny'
  readonly overrideBrowserWindowOptions?: object
}

type WindowOpenHandler = (
  details: WindowOpenRequest & { referrer: { url: string; policy: string } },
) => WindowOpenAnswer

/** Electron's `WebContents` around one page of Chromium. */
export class WebContents extends NativeContents {
  readonly id = webContentsList.newId()
  readonly ipc = new IpcMain()
  readonly session = session.defaultSession
  readonly #host: WebContentsHost
  readonly #opening: Promise<RendererPage>
  readonly #loader: PageLoader
  readonly #appearance: PageAppearance
  #page: RendererPage | null = null
  #link: DocumentLink | null = null
  #mainFrame: WebFrameMain
  #title = ''
  #windowOpenHandler: WindowOpenHandler = () => ({ action: 'allow' })
  #crashed = false
  #destroyed = false

  constructor(host: WebContentsHost, opening: Promise<RendererPage>) {
    super()
    this.#host = host
    this.#opening = opening
    this.#loader = new PageLoader(opening.then((page) => page.session))
    this.#appearance = new PageAppearance(opening)
    this.#mainFrame = this.#newFrame('')
    opening.then(
      (page) => this.#adopt(page),
      // Whoever made the window reports it; here, nothing waits for it any more.
      () => this.#loader.fail('ERR_FAILED'),
    )
    webContentsList.add(this)
  }

  get mainFrame(): WebFrameMain {
    return this.#mainFrame
  }

  get hostWebContents(): null {
    return null
  }

  /** How the debugging protocol calls the page; null while Chromium is still opening it. */
  get targetId(): string | null {
    return this.#page?.targetId ?? null
  }

  async loadURL(url: string): Promise<void> {
    this.emit('did-start-loading')
    try {
      await this.#loader.load(url)
    } catch (error) {
      const fault = error instanceof PageGone ? new LoadError('ERR_ABORTED', url) : error
      if (fault instanceof LoadError && !this.#destroyed) this.#reportLoad(fault)
      throw fault
    }
  }

  reload(): void {
    this.#reload(false)
  }

  reloadIgnoringCache(): void {
    this.#reload(true)
  }

  stop(): void {
    this.#tellPage((page) => page.session.tell('Page.stopLoading'))
  }

  /** Ends the page without asking the window's `close` listeners, as in Electron. */
  close(): void {
    this.#host.destroy()
  }

  getURL(): string {
    return this.#mainFrame.url
  }

  getTitle(): string {
    return this.#title
  }

  getType(): string {
    return 'window'
  }

  isDestroyed(): boolean {
    return this.#destroyed
  }

  isCrashed(): boolean {
    return this.#crashed
  }

  isLoading(): boolean {
    return this.#loader.isLoading
  }

  isLoadingMainFrame(): boolean {
    return this.#loader.isLoading
  }

  focus(): void {
    this.#host.focus()
  }

  isFocused(): boolean {
    return this.#host.isFocused()
  }

  getLastWebPreferences(): object {
    return this.#host.preferences
  }

  send(channel: string, ...args: unknown[]): void {
    this.#mainFrame.send(channel, ...args)
  }

  postMessage(channel: string, message: unknown, transfer: readonly MessagePortMain[] = []): void {
    this.#mainFrame.postMessage(channel, message, transfer)
  }

  /** The result must be JSON: the debugging protocol returns it by value. */
  async executeJavaScript(code: string, userGesture = false): Promise<unknown> {
    const page = await this.#opening
    if (this.#loader.isLoading) await new Promise((resolve) => this.once('did-stop-loading', resolve))
    return page.evaluate(code, userGesture)
  }

  async insertCSS(css: string): Promise<string> {
    await this.executeJavaScript(
      `{ const sheet = new CSSStyleSheet(); sheet.replaceSync(${JSON.stringify(css)}); document.adoptedStyleSheets.push(sheet) }`,
    )
    return ''
  }

  async capturePage(rect?: { x: number; y: number; width: number; height: number }): Promise<NativeImage> {
    const page = await this.#opening
    const clip = rect === undefined ? {} : { clip: { ...rect, scale: 1 } }
    const { data } = await page.session.send('Page.captureScreenshot', { format: 'png', ...clip })
    return new NativeImage(Buffer.from(data, 'base64'))
  }

  setWindowOpenHandler(handler: WindowOpenHandler): void {
    this.#windowOpenHandler = handler
  }

  getZoomFactor(): number {
    return this.#appearance.zoomFactor
  }

  setZoomFactor(factor: number): void {
    this.#appearance.zoomFactor = factor
  }

  getZoomLevel(): number {
    return this.#appearance.zoomLevel
  }

  /** Zero is the original size, each step a fifth larger or smaller. */
  setZoomLevel(level: number): void {
    this.#appearance.zoomLevel = level
  }

  /** Crashes the renderer process for real. */
  forcefullyCrashRenderer(): void {
    this.#tellPage((page) => page.session.tell('Page.crash'))
  }

  /** One of the editing commands of a menu: undo, redo, cut, copy, paste, delete or selectAll. */
  edit(command: string): void {
    this.#tellPage((page) => page.run(`document.execCommand(${JSON.stringify(command)})`))
  }

  /**
   * Asks the application about a navigation that it did not begin itself. `url` is in Chromium's form; `false` means
   * that it must not happen.
   */
  allowsNavigation(chromiumUrl: string, isMainFrame: boolean, isRedirect: boolean): boolean {
    if (isMainFrame && !isRedirect && this.#loader.expects(chromiumUrl)) return true
    const url = customSchemes.fromChromium(chromiumUrl)
    const frame = isMainFrame ? this.#mainFrame : null
    const event = cancelableEvent({ url, isSameDocument: false, isMainFrame, frame, initiator: this.#mainFrame })
    const trailing = [url, false, isMainFrame, 1, this.#mainFrame.routingId] as const
    if (isRedirect) this.emit('will-redirect', event, ...trailing)
    else {
      this.emit('will-frame-navigate', event)
      if (isMainFrame && !event.defaultPrevented) this.emit('will-navigate', event, ...trailing)
    }
    return !event.defaultPrevented
  }

  /** Whether the page shows a frame that the debugging protocol calls `frameId`. */
  async hasFrame(frameId: string): Promise<boolean> {
    return (await this.#page?.hasFrame(frameId)) ?? false
  }

  /** The page goes on without its preload, which did not load or threw. */
  reportPreload(fault: unknown): void {
    const error = fault instanceof Error ? fault : new Error(String(fault))
    console.error(`Unable to load preload script: ${this.#host.preload}\n${error.stack}`)
    this.emit('preload-error', cancelableEvent({}), this.#host.preload, error)
  }

  /** The window has gone, and the page with it. */
  endWithWindow(): void {
    this.#destroyed = true
    this.#appearance.end()
    webContentsList.remove(this)
    this.#mainFrame.destroy()
    this.#loader.fail('ERR_ABORTED')
    this.emit('destroyed')
  }

  /** False for the empty page of a new window and for Chromium's own page about an error, of which Electron says nothing. */
  get #showsDocument(): boolean {
    return this.#link !== null && !this.#mainFrame.url.startsWith('chrome-error:')
  }

  #adopt(page: RendererPage): void {
    this.#page = page
    page.on('document', (link) => this.#beginDocument(link))
    page.on('message', (message, link) => this.#receive(message, link))
    page.on('committed', (url, document) => this.#commit(url, document))
    page.on('navigated-in-page', (url) => {
      this.#mainFrame.url = customSchemes.fromChromium(url)
      this.emit('did-navigate-in-page', cancelableEvent({}), this.#mainFrame.url, true, 1, this.#mainFrame.routingId)
    })
    page.on('dom-ready', () => {
      if (this.#showsDocument) this.emit('dom-ready', cancelableEvent({}))
    })
    page.on('loaded', () => this.#finishLoad())
    page.on('console', (message) => {
      this.emit('console-message', cancelableEvent({ ...consoleMessage(message), frame: this.#mainFrame }))
    })
    page.on('crashed', (status, exitCode) => this.#crash(status, exitCode))
    page.on('unguarded-window', ({ url, windowName, windowFeatures }) => {
      const features = windowFeatures.join(',')
      this.#openWindow({
        url: customSchemes.fromChromium(url),
        frameName: windowName,
        features,
        disposition: 'new-window',
      })
    })
  }

  #newFrame(url: string): WebFrameMain {
    return new WebFrameMain(crypto.randomUUID(), url, {
      send: (channel, args, ports) => this.#link?.send(channel, args, ports),
      executeJavaScript: (code, userGesture) => this.executeJavaScript(code, userGesture),
      reload: () => this.reload(),
    })
  }

  #beginDocument(link: DocumentLink): void {
    this.#link = link
    this.#mainFrame.destroy()
    this.#mainFrame = this.#newFrame(this.#mainFrame.url)
    this.#crashed = false
  }

  #receive(message: DocumentMessage, link: DocumentLink): void {
    const frame = this.#mainFrame
    switch (message.kind) {
      case 'document':
        frame.url = customSchemes.fromChromium(message.url)
        return
      case 'title':
        return this.#changeTitle(message.title)
      case 'preload-failed':
        return this.reportPreload(errorWithStack(message.stack))
      case 'permission':
        void unlessGone(this.#answerPermission(message.call, message.permission, link))
        return
      case 'open-window':
        return this.#openWindow({ ...message, url: customSchemes.fromChromium(message.url) })
      default:
        return deliverIpc(message, { contents: this, frame, link })
    }
  }

  #reportLoad({ errno, code, url }: LoadError): void {
    this.emit('did-fail-load', cancelableEvent({}), errno, code, url, true, 1, this.#mainFrame.routingId)
    this.emit('did-stop-loading')
  }

  #commit(chromiumUrl: string, document: string): void {
    this.#loader.committed(document)
    this.#mainFrame.url = customSchemes.fromChromium(chromiumUrl)
    this.#appearance.applyTheme()
    this.emit('did-navigate', cancelableEvent({}), this.#mainFrame.url, 200, 'OK')
  }

  #finishLoad(): void {
    this.#loader.loaded()
    if (!this.#showsDocument) return
    this.#appearance.applyZoom()
    this.emit('did-frame-finish-load', cancelableEvent({}), true, 1, this.#mainFrame.routingId)
    this.emit('did-finish-load', cancelableEvent({}))
    this.emit('did-stop-loading')
  }

  #changeTitle(title: string): void {
    this.#title = title
    this.emit('page-title-updated', cancelableEvent({}), title, true)
  }

  #crash(status: string, exitCode: number): void {
    this.#crashed = true
    this.#link = null
    this.#mainFrame.destroy()
    this.#loader.fail('ERR_FAILED')
    const reason = status === 'oom' || status === 'killed' ? status : 'crashed'
    const details = { reason, exitCode }
    this.emit('render-process-gone', cancelableEvent({}), details)
    webContentsList.emit('render-process-gone', this, details)
  }

  async #answerPermission(call: number, permission: PermissionName, link: DocumentLink): Promise<void> {
    const granted = await answerPermission(this, permission)
    link.answer(call, granted)
  }

  #openWindow(request: WindowOpenRequest): void {
    const { url, frameName, features, disposition } = request
    const referrer = { url: this.getURL(), policy: 'strict-origin-when-cross-origin' }
    const answer = this.#windowOpenHandler({ url, frameName, features, disposition, referrer })
    if (answer.action === 'allow') this.#host.openWindow(request, answer.overrideBrowserWindowOptions ?? {})
  }

  #reload(ignoreCache: boolean): void {
    this.#loader.reload(this.getURL(), ignoreCache).catch((error: unknown) => {
      if (!(error instanceof PageGone)) console.error('Electron stand-in: cannot reload:', error)
    })
  }

  #tellPage(tell: (page: RendererPage) => void): void {
    this.#opening.then(tell, () => undefined)
  }
}

// An error of the page as an error of this process: its stack begins with its name and message.
function errorWithStack(stack: string): Error {
  const [firstLine = ''] = stack.split('\n')
  return Object.assign(new Error(firstLine), { stack })
}
