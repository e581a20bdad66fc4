import type { App, BrowserWindow, BrowserWindowConstructorOptions, NativeTheme, Screen, WebContents } from 'electron'
import type { z } from 'zod'
import { loadPage } from './load-page.ts'
import type { PageAddress } from './page-address.ts'
import type { PersistedJson } from './persisted-json.ts'
import { placeWindow, smallestWindow, type WindowState, type windowState } from './window-state.ts'

/** A window that is moved or resized tells so many times a second; its place is kept once it rests so long. */
const restMs = 400

export interface WindowDependencies {
  readonly app: Pick<App, 'on' | 'off'>
  readonly BrowserWindow: new (options: BrowserWindowConstructorOptions) => BrowserWindow
  readonly screen: Pick<Screen, 'getPrimaryDisplay' | 'getAllDisplays'>
  readonly theme: Pick<NativeTheme, 'shouldUseDarkColors'>
  readonly page: PageAddress
  /** Absolute path of the bundled preload. */
  readonly preload: string
  /** Absolute path of the window's icon; macOS takes the bundle's instead. */
  readonly icon: string
  readonly placement: PersistedJson<z.ZodNullable<typeof windowState>>
  /** Called with every window that opens. */
  readonly opened: (window: BrowserWindow) => void
}

/** The application's one window. On macOS it may be closed and opened again while the scheduler goes on. */
export class MainWindow implements Disposable {
  readonly #dependencies: WindowDependencies
  readonly #reopen = () => this.show()
  #window: BrowserWindow | null = null
  #resting: NodeJS.Timeout | undefined

  constructor(dependencies: WindowDependencies) {
    this.#dependencies = dependencies
    // macOS: a click on the dock's icon.
    dependencies.app.on('activate', this.#reopen)
  }

  /** The open window, or null. */
  get current(): BrowserWindow | null {
    return this.#window
  }

  owns(contents: WebContents): boolean {
    return this.#window?.webContents === contents
  }

  /** Opens the window, or brings the open one to the front. */
  show(): BrowserWindow {
    if (this.#window === null) return this.#open()
    if (this.#window.isMinimized()) this.#window.restore()
    this.#window.show()
    this.#window.focus()
    return this.#window
  }

  /** Sends a message to the page, opening the window first when there is none; a page that is loading gets it afterwards. */
  send(channel: string, message: unknown): void {
    const { webContents } = this.show()
    if (webContents.isLoadingMainFrame()) webContents.once('did-finish-load', () => webContents.send(channel, message))
    else webContents.send(channel, message)
  }

  [Symbol.dispose](): void {
    this.#dependencies.app.off('activate', this.#reopen)
    if (this.#window === null) return
    this.#keepPlace(this.#window)
    this.#window.destroy()
  }

  #open(): BrowserWindow {
    const { BrowserWindow, placement, page, preload, icon, theme } = this.#dependencies
    const window = new BrowserWindow({
      ...placeWindow(placement.value, this.#workAreas()),
      minWidth: smallestWindow.width,
      minHeight: smallestWindow.height,
      title: 'Guardhouse',
      icon,
      // Shown once the page has drawn, on the page's own ground: no white rectangle flashes in a dark room.
      show: false,
      backgroundColor: theme.shouldUseDarkColors ? '#0c0e11' : '#f4f5f7',
      webPreferences: { ...securePreferences, preload },
    })
    this.#window = window
    if (placement.value?.maximized === true) window.maximize()
    window.once('ready-to-show', () => window.show())
    window.once('closed', () => {
      this.#window = null
    })
    this.#followPlace(window)
    this.#dependencies.opened(window)
    loadPage(window.webContents, page.home)
    return window
  }

  #workAreas(): Parameters<typeof placeWindow>[1] {
    const { screen } = this.#dependencies
    const primary = screen.getPrimaryDisplay()
    const others = screen.getAllDisplays().filter((display) => display.id !== primary.id)
    return [primary.workArea, ...others.map((display) => display.workArea)]
  }

  #followPlace(window: BrowserWindow): void {
    const afterRest = () => {
      clearTimeout(this.#resting)
      this.#resting = setTimeout(() => this.#keepPlace(window), restMs)
    }
    window.on('resize', afterRest)
    window.on('move', afterRest)
    window.on('maximize', afterRest)
    window.on('unmaximize', afterRest)
    window.on('close', () => this.#keepPlace(window))
  }

  #keepPlace(window: BrowserWindow): void {
    clearTimeout(this.#resting)
    if (window.isDestroyed()) return
    // Normal bounds: a maximised window comes back maximised, and to its old size when it is restored.
    const { x, y, width, height } = window.getNormalBounds()
    const state: WindowState = { x, y, width, height, maximized: window.isMaximized() }
    this.#dependencies.placement.set(state)
  }
}

/** Written out although most are defaults: the checklist is read against this list, and defaults change. */
export const securePreferences = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  // A file dropped on the window must not replace the page.
  navigateOnDragDrop: false,
  // Would fetch dictionaries from the network.
  spellcheck: false,
} as const satisfies BrowserWindowConstructorOptions['webPreferences']
