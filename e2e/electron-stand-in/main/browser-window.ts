import { EventEmitter } from 'node:events'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { browser } from '../chromium/browser.ts'
import { type PreloadSource, readPreload } from '../in-page/page-scripts.ts'
import { launch } from '../process/this-launch.ts'
import type { WindowOpenRequest } from '../wire/messages.ts'
import { BaseWindow, type BaseWindowOptions } from './base-window.ts'
import { type CancelableEvent, cancelableEvent } from './cancelable-event.ts'
import type { NativeImage } from './native-image.ts'
import { RendererPage } from './renderer-page.ts'
import { WebContents } from './web-contents.ts'
import type { Bounds } from './window-placement.ts'
import { checkPreferences, type WebPreferences } from './window-preferences.ts'

export interface BrowserWindowOptions extends BaseWindowOptions {
  readonly webPreferences?: WebPreferences
}

/** What befalls any window, for those who look after all of them. */
export const windowEvents = new EventEmitter<{
  created: [window: BrowserWindow]
  focus: [window: BrowserWindow]
  blur: [window: BrowserWindow]
  /** A listener of `close` has kept the window open. */
  kept: [window: BrowserWindow]
  closed: [window: BrowserWindow]
}>()

const all = new Map<number, BrowserWindow>()

/** Electron's `BrowserWindow`. */
export class BrowserWindow extends BaseWindow {
  readonly id: number
  readonly webContents: WebContents
  readonly #page: Promise<RendererPage>

  static getAllWindows(): BrowserWindow[] {
    return [...all.values()]
  }

  static getFocusedWindow(): BrowserWindow | null {
    return [...all.values()].find((window) => window.isFocused()) ?? null
  }

  static fromWebContents(contents: WebContents | null | undefined): BrowserWindow | null {
    return [...all.values()].find((window) => window.webContents === contents) ?? null
  }

  static fromId(id: number): BrowserWindow | null {
    return all.get(id) ?? null
  }

  constructor(options: BrowserWindowOptions = {}) {
    if (!browser.isRunning) throw new Error('Cannot create BrowserWindow before app is ready')
    super(options, launch.name)
    const preferences = checkPreferences(options.webPreferences ?? {})
    const preload = typeof preferences.preload === 'string' ? preferences.preload : null
    this.#page = this.#open(preferences, preload)
    const placed = this.place(this.#page).then(() => this.#page)
    placed.catch((error: unknown) => this.#fail(error))
    this.webContents = new WebContents(
      {
        preload,
        preferences,
        destroy: () => this.destroy(),
        focus: () => this.focus(),
        isFocused: () => this.isFocused(),
        openWindow: (request, overrides) => this.#openAnother(request, overrides),
      },
      placed,
    )
    this.id = this.webContents.id
    all.set(this.id, this)
    this.#followContents()
    this.on('focus', () => this.#onFocus())
    this.on('blur', () => windowEvents.emit('blur', this))
    windowEvents.emit('created', this)
    this.focus()
  }

  loadURL(url: string): Promise<void> {
    this.assertAlive()
    return this.webContents.loadURL(url)
  }

  loadFile(file: string): Promise<void> {
    return this.loadURL(pathToFileURL(path.resolve(launch.applicationFolder, file)).href)
  }

  reload(): void {
    this.webContents.reload()
  }

  close(): void {
    if (this.isDestroyed()) return
    const event = cancelableEvent({})
    this.emit('close', event)
    if (event.defaultPrevented) windowEvents.emit('kept', this)
    else this.destroy()
  }

  /** Asks nobody. */
  destroy(): void {
    this.#page.then(
      ({ targetId }) => browser.session.tell('Target.closeTarget', { targetId }),
      () => undefined,
    )
    this.#end()
  }

  capturePage(rect?: Bounds): Promise<NativeImage> {
    return this.webContents.capturePage(rect)
  }

  async #open(preferences: WebPreferences, preload: string | null): Promise<RendererPage> {
    const { width, height } = this.getBounds()
    const { additionalArguments = [] } = preferences as { additionalArguments?: readonly string[] }
    const { platform, arch, versions } = process
    const facts = { platform, arch, versions: { ...versions }, argv: [launch.executable, ...additionalArguments] }
    const page = await RendererPage.open({ width, height, facts, preload: this.#readPreload(preload) })
    page.on('closed', () => this.#end())
    return page
  }

  // A fault in the preload costs the window its preload, nothing else.
  #readPreload(file: string | null): PreloadSource | null {
    if (file === null) return null
    try {
      return readPreload(file)
    } catch (error) {
      setImmediate(() => this.webContents.reportPreload(error))
      return null
    }
  }

  #followContents(): void {
    this.webContents.once('dom-ready', () => this.emit('ready-to-show'))
    this.webContents.on('page-title-updated', (event: CancelableEvent, title: string, isExplicit: boolean) => {
      this.emit('page-title-updated', event, title, isExplicit)
      if (!event.defaultPrevented && !this.isDestroyed()) this.setTitle(title)
    })
  }

  #onFocus(): void {
    this.#page.then(
      ({ session }) => session.tell('Page.bringToFront'),
      () => undefined,
    )
    windowEvents.emit('focus', this)
  }

  #openAnother({ url, frameName }: WindowOpenRequest, overrides: object): void {
    const window = new BrowserWindow({ ...overrides })
    this.webContents.emit('did-create-window', window, { url, frameName, options: overrides })
    window.loadURL(url).catch((error: unknown) => console.error('Electron stand-in:', error))
  }

  #end(): void {
    if (!this.markDestroyed()) return
    all.delete(this.id)
    this.webContents.endWithWindow()
    this.emit('closed')
    windowEvents.emit('closed', this)
  }

  #fail(error: unknown): void {
    if (this.isDestroyed()) return
    console.error('Electron stand-in: cannot open a window:', error)
    this.#end()
  }
}
