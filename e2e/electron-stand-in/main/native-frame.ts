import { EventEmitter } from 'node:events'
import { recordCall } from './recorded-calls.ts'

/** The part of a window that Chromium does not draw: frame, menu bar, task bar. Here it is only recorded. */
export class NativeFrame extends EventEmitter {
  setMenu(menu: unknown): void {
    recordCall('BrowserWindow', 'setMenu', menu)
  }

  removeMenu(): void {
    recordCall('BrowserWindow', 'removeMenu')
  }

  setMenuBarVisibility(visible: boolean): void {
    recordCall('BrowserWindow', 'setMenuBarVisibility', visible)
  }

  setAutoHideMenuBar(hide: boolean): void {
    recordCall('BrowserWindow', 'setAutoHideMenuBar', hide)
  }

  setBackgroundColor(color: string): void {
    recordCall('BrowserWindow', 'setBackgroundColor', color)
  }

  setTitleBarOverlay(options: object): void {
    recordCall('BrowserWindow', 'setTitleBarOverlay', options)
  }

  setIcon(icon: unknown): void {
    recordCall('BrowserWindow', 'setIcon', icon)
  }

  setProgressBar(progress: number, options?: object): void {
    recordCall('BrowserWindow', 'setProgressBar', progress, options)
  }

  flashFrame(flag: boolean): void {
    recordCall('BrowserWindow', 'flashFrame', flag)
  }
}
