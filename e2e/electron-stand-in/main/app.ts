import { EventEmitter } from 'node:events'
import { browser } from '../chromium/browser.ts'
import { launch } from '../process/this-launch.ts'
import { AppPaths } from './app-paths.ts'
import { BrowserWindow, windowEvents } from './browser-window.ts'
import { cancelableEvent } from './cancelable-event.ts'
import { recordCall } from './recorded-calls.ts'
import { SingleInstanceLock } from './single-instance-lock.ts'
import { webContentsList } from './web-contents-list.ts'

/** How far the application is on its way out. `exiting` cannot be taken back. */
type LeavingState = 'running' | 'quitting' | 'exiting'

/** Electron's `app`. */
export class App extends EventEmitter {
  readonly isPackaged = false
  readonly commandLine = launch.commandLine
  readonly #ready = Promise.withResolvers<void>()
  readonly #paths = new AppPaths(() => this.#name)
  #name = launch.name
  #isReady = false
  #leaving: LeavingState = 'running'
  #lock: SingleInstanceLock | null = null

  constructor() {
    super()
    windowEvents.on('created', (window) => {
      this.emit('browser-window-created', {}, window)
    })
    windowEvents.on('focus', (window) => this.emit('browser-window-focus', {}, window))
    windowEvents.on('blur', (window) => this.emit('browser-window-blur', {}, window))
    windowEvents.on('kept', () => {
      if (this.#leaving === 'quitting') this.#leaving = 'running'
    })
    windowEvents.on('closed', () => {
      if (BrowserWindow.getAllWindows().length === 0) this.#onAllClosed()
    })
    webContentsList.on('created', (contents) => this.emit('web-contents-created', {}, contents))
    webContentsList.on('render-process-gone', (contents, details) => {
      this.emit('render-process-gone', {}, contents, details)
    })
  }

  get name(): string {
    return this.#name
  }

  set name(name: string) {
    this.#name = name
  }

  /** False once nothing must be started any more. */
  get isStaying(): boolean {
    return this.#leaving !== 'exiting'
  }

  /** The data folder that was asked for, by switch or `setPath`; null for the default one. */
  get chosenDataFolder(): string | null {
    return this.#paths.chosenDataFolder
  }

  isReady(): boolean {
    return this.#isReady
  }

  whenReady(): Promise<void> {
    return this.#ready.promise
  }

  /** Chromium runs: windows may be opened. */
  becomeReady(): void {
    this.#isReady = true
    this.#ready.resolve()
    this.emit('will-finish-launching')
    this.emit('ready', {}, {})
  }

  /** Closes every window, each of which may refuse, and then ends, unless a listener prevents it. */
  quit(): void {
    if (this.#leaving !== 'running') return
    if (this.#prevented('before-quit')) return
    this.#leaving = 'quitting'
    const windows = BrowserWindow.getAllWindows()
    if (windows.length === 0) this.#quitWithoutWindows()
    for (const window of windows) window.close()
  }

  /** Asks nobody. */
  exit(exitCode = 0): void {
    if (this.#leaving === 'exiting') return
    this.#leaving = 'exiting'
    for (const window of BrowserWindow.getAllWindows()) window.destroy()
    this.#end(exitCode)
  }

  relaunch(options?: object): void {
    recordCall('app', 'relaunch', options)
  }

  focus(options?: object): void {
    recordCall('app', 'focus', options)
  }

  getPath(name: string): string {
    return this.#paths.get(name)
  }

  setPath(name: string, folder: string): void {
    this.#paths.set(name, folder)
  }

  getAppPath(): string {
    return launch.applicationFolder
  }

  getName(): string {
    return this.#name
  }

  setName(name: string): void {
    this.#name = name
  }

  getVersion(): string {
    return launch.version
  }

  getLocale(): string {
    return 'en-US'
  }

  getSystemLocale(): string {
    return 'en-US'
  }

  getPreferredSystemLanguages(): string[] {
    return ['en-US']
  }

  requestSingleInstanceLock(additionalData: unknown = null): boolean {
    this.#lock ??= new SingleInstanceLock(this.getPath('userData'), (other) => {
      this.emit('second-instance', {}, other.argv, other.workingDirectory, other.additionalData)
    })
    return this.#lock.request({ argv: process.argv, workingDirectory: process.cwd(), additionalData })
  }

  hasSingleInstanceLock(): boolean {
    return this.#lock?.isHeld ?? false
  }

  releaseSingleInstanceLock(): void {
    this.#lock?.release()
  }

  /** Every window is sandboxed anyway: any other is refused. */
  enableSandbox(): void {
    if (this.#isReady) throw new Error('app.enableSandbox() can only be called before app is ready')
    recordCall('app', 'enableSandbox')
  }

  disableHardwareAcceleration(): void {
    if (this.#isReady) throw new Error('app.disableHardwareAcceleration() can only be called before app is ready')
    this.commandLine.appendSwitch('disable-gpu')
  }

  setAsDefaultProtocolClient(protocol: string, ...rest: unknown[]): boolean {
    recordCall('app', 'setAsDefaultProtocolClient', protocol, ...rest)
    return true
  }

  removeAsDefaultProtocolClient(protocol: string): boolean {
    recordCall('app', 'removeAsDefaultProtocolClient', protocol)
    return true
  }

  isDefaultProtocolClient(): boolean {
    return false
  }

  setAboutPanelOptions(options: object): void {
    recordCall('app', 'setAboutPanelOptions', options)
  }

  showAboutPanel(): void {
    recordCall('app', 'showAboutPanel')
  }

  setAppUserModelId(id: string): void {
    recordCall('app', 'setAppUserModelId', id)
  }

  addRecentDocument(file: string): void {
    recordCall('app', 'addRecentDocument', file)
  }

  clearRecentDocuments(): void {
    recordCall('app', 'clearRecentDocuments')
  }

  #onAllClosed(): void {
    if (this.#leaving === 'quitting') this.#quitWithoutWindows()
    else if (this.#leaving === 'running' && !this.emit('window-all-closed')) this.quit()
  }

  #quitWithoutWindows(): void {
    if (this.#prevented('will-quit')) {
      this.#leaving = 'running'
      return
    }
    this.#leaving = 'exiting'
    this.#end(Number(process.exitCode ?? 0))
  }

  #prevented(event: 'before-quit' | 'will-quit'): boolean {
    const details = cancelableEvent({})
    this.emit(event, details)
    return details.defaultPrevented
  }

  #end(exitCode: number): void {
    this.emit('quit', {}, exitCode)
    this.releaseSingleInstanceLock()
    browser.close().then(
      () => process.exit(exitCode),
      (error: unknown) => {
        console.error('Electron stand-in: Chromium did not close:', error)
        process.exit(1)
      },
    )
  }
}

export const app = new App()
