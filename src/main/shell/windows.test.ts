import { EventEmitter } from 'node:events'
import type { App, BrowserWindow, BrowserWindowConstructorOptions, Screen, WebContents } from 'electron'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { assertDefined } from '../../shared/assert.ts'
import { pageAddress } from './page-address.ts'
import type { WindowState } from './window-state.ts'
import { MainWindow, securePreferences } from './windows.ts'

class FakeWindow extends EventEmitter {
  readonly options: BrowserWindowConstructorOptions
  readonly calls: string[] = []
  readonly sent: unknown[][] = []
  loading = true
  readonly webContents = Object.assign(new EventEmitter(), {
    isLoadingMainFrame: () => this.loading,
    send: (...given: unknown[]) => this.sent.push(given),
    loadURL: async (url: string) => void this.calls.push(url),
  })
  bounds = { x: 10, y: 20, width: 1000, height: 700 }
  maximized = false
  destroyed = false

  constructor(options: BrowserWindowConstructorOptions) {
    super()
    this.options = options
  }

  show(): void {
    this.calls.push('show')
  }
  focus(): void {
    this.calls.push('focus')
  }
  restore(): void {
    this.calls.push('restore')
  }
  maximize(): void {
    this.maximized = true
  }
  isMinimized(): boolean {
    return true
  }
  isMaximized(): boolean {
    return this.maximized
  }
  isDestroyed(): boolean {
    return this.destroyed
  }
  getNormalBounds(): typeof this.bounds {
    return this.bounds
  }
  destroy(): void {
    this.destroyed = true
    this.emit('closed')
  }
}

function desktop(saved: WindowState | null = null) {
  const app = new EventEmitter()
  const opened: FakeWindow[] = []
  const placement = {
    value: saved,
    set(value: WindowState) {
      this.value = value
    },
  }
  const primary = { id: 1, workArea: { x: 0, y: 0, width: 1440, height: 900 } }
  const mainWindow = new MainWindow({
    app: app as unknown as App,
    BrowserWindow: FakeWindow as unknown as new (options: BrowserWindowConstructorOptions) => BrowserWindow,
    screen: { getPrimaryDisplay: () => primary, getAllDisplays: () => [primary] } as unknown as Screen,
    theme: { shouldUseDarkColors: true },
    page: pageAddress(),
    preload: '/out/preload/index.cjs',
    icon: '/resources/icon.png',
    placement: placement as unknown as ConstructorParameters<typeof MainWindow>[0]['placement'],
    opened: (window) => opened.push(window as unknown as FakeWindow),
  })
  const newest = () => assertDefined(opened.at(-1), 'a window was opened')
  return { app, mainWindow, opened, newest, placement }
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('main window', () => {
  it('loads our page with every protection on, and is shown once it has drawn', () => {
    const { mainWindow, newest } = desktop()
    mainWindow.show()
    const window = newest()
    expect(window.options.webPreferences).toEqual({ ...securePreferences, preload: '/out/preload/index.cjs' })
    expect(securePreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
    })
    expect(window.calls).toEqual(['app://guardhouse/index.html'])
    window.emit('ready-to-show')
    expect(window.calls).toEqual(['app://guardhouse/index.html', 'show'])
  })

  it('is one: showing it again brings it to the front', () => {
    const { mainWindow, opened, newest } = desktop()
    mainWindow.show()
    mainWindow.show()
    expect(opened).toHaveLength(1)
    expect(newest().calls.slice(1)).toEqual(['restore', 'show', 'focus'])
  })

  it('opens anew after it was closed, also from the dock', () => {
    const { app, mainWindow, opened, newest } = desktop()
    mainWindow.show()
    newest().destroy()
    expect(mainWindow.current).toBeNull()
    app.emit('activate')
    expect(opened).toHaveLength(2)
  })

  it('owns its own contents only', () => {
    const { mainWindow, newest } = desktop()
    mainWindow.show()
    const ours = newest().webContents as unknown as WebContents
    expect(mainWindow.owns(ours)).toBe(true)
    expect(mainWindow.owns(new EventEmitter() as unknown as WebContents)).toBe(false)
    newest().destroy()
    expect(mainWindow.owns(ours)).toBe(false)
  })

  it('comes back where it was, and maximised if it was', () => {
    const { mainWindow, newest } = desktop({ x: 100, y: 50, width: 1100, height: 800, maximized: true })
    mainWindow.show()
    expect(newest().options).toMatchObject({ x: 100, y: 50, width: 1100, height: 800 })
    expect(newest().maximized).toBe(true)
  })

  it('keeps its place once it rests', () => {
    const { mainWindow, newest, placement } = desktop()
    mainWindow.show()
    newest().emit('move')
    vi.advanceTimersByTime(300)
    newest().emit('resize')
    vi.advanceTimersByTime(300)
    expect(placement.value).toBeNull()
    vi.advanceTimersByTime(300)
    expect(placement.value).toEqual({ x: 10, y: 20, width: 1000, height: 700, maximized: false })
  })

  it.each(['close', 'dispose'])('keeps its place at its end: %s', (how) => {
    const { mainWindow, newest, placement } = desktop()
    mainWindow.show()
    newest().maximized = true
    if (how === 'close') newest().emit('close')
    else mainWindow[Symbol.dispose]()
    expect(placement.value).toEqual({ x: 10, y: 20, width: 1000, height: 700, maximized: true })
  })

  it('sends a menu command to the page, after loading it when there is no window or none that is loaded', () => {
    const { mainWindow, newest } = desktop()
    mainWindow.send('channel', 'first')
    expect(newest().sent).toEqual([])
    newest().loading = false
    newest().webContents.emit('did-finish-load')
    mainWindow.send('channel', 'second')
    expect(newest().sent).toEqual([
      ['channel', 'first'],
      ['channel', 'second'],
    ])
  })

  it('lets go of everything when it is disposed', () => {
    const { app, mainWindow, newest } = desktop()
    mainWindow.show()
    mainWindow[Symbol.dispose]()
    expect(newest().destroyed).toBe(true)
    expect(app.eventNames()).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })
})
