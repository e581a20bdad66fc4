import { EventEmitter } from 'node:events'
import { recordCall } from './recorded-calls.ts'

/** The part of a web contents that has no counterpart here: developer tools and limits. It is only recorded. */
export class NativeContents extends EventEmitter {
  setVisualZoomLevelLimits(minimum: number, maximum: number): Promise<void> {
    recordCall('webContents', 'setVisualZoomLevelLimits', minimum, maximum)
    return Promise.resolve()
  }

  setBackgroundThrottling(allowed: boolean): void {
    recordCall('webContents', 'setBackgroundThrottling', allowed)
  }

  setIgnoreMenuShortcuts(ignore: boolean): void {
    recordCall('webContents', 'setIgnoreMenuShortcuts', ignore)
  }

  openDevTools(options?: object): void {
    recordCall('webContents', 'openDevTools', options)
  }

  closeDevTools(): void {
    recordCall('webContents', 'closeDevTools')
  }

  toggleDevTools(): void {
    recordCall('webContents', 'toggleDevTools')
  }

  isDevToolsOpened(): boolean {
    return false
  }
}
