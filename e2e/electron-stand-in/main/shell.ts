import { recordCall } from './recorded-calls.ts'

/** Electron's `shell`: opens nothing outside, only records. */
export const shell = {
  async openExternal(url: string, options?: object): Promise<void> {
    recordCall('shell', 'openExternal', url, ...(options === undefined ? [] : [options]))
  },

  async openPath(file: string): Promise<string> {
    recordCall('shell', 'openPath', file)
    return ''
  },

  showItemInFolder(file: string): void {
    recordCall('shell', 'showItemInFolder', file)
  },

  async trashItem(file: string): Promise<void> {
    recordCall('shell', 'trashItem', file)
  },

  beep(): void {
    recordCall('shell', 'beep')
  },
}
